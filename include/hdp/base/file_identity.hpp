// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace hdp {

/// A file by what it is: every name of it, links and other spellings, gives the same.
struct FileIdentity {
  std::uint64_t device = 0, node = 0;
  friend auto operator<=>(const FileIdentity&, const FileIdentity&) = default;
};

/// Nothing where there is no such file. Links are followed.
std::optional<FileIdentity> identity_of(const std::filesystem::path& path);

/// Every reader of the library notes what it opens, and so does a log, so that none is forgotten
/// where a program asks whether it is about to write over one. Safe from any thread.
void note_file_in_use(FileIdentity file);
bool is_file_in_use(FileIdentity file);

}  // namespace hdp
