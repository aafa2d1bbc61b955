// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace hdp {

/// Hands all of `content` to the system; a UserError names `named`.
void write_all(int fd, std::string_view content, const std::filesystem::path& named);

/// What was written is on the disk, where the file system can say so.
void sync_written(int fd, const std::filesystem::path& named);

}  // namespace hdp
