// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace hdp {

/// Writes to a temporary name in the same folder and renames: a reader never sees half a file.
/// Errors are the user's (folder missing or not writable).
void write_file(const std::filesystem::path& path, std::string_view content);

/// Throws UserError where write_file(path) could not work: found out before the work is done.
void check_writable(const std::filesystem::path& path);

/// Creates `folder` and its parents; throws UserError where it cannot be written.
void make_folder(const std::filesystem::path& folder);

}  // namespace hdp
