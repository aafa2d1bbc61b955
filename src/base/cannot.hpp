// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include <sys/types.h>

namespace hdp {

/// Throws UserError: "PATH: cannot VERB: " and the reason of errno as the C library words it.
[[noreturn]] void cannot(std::string_view verb, const std::filesystem::path& path, int error);

/// "a pipe", "a socket", "a device": what has such a mode instead of a file or a folder's.
std::string_view kind_of(mode_t mode);

}  // namespace hdp
