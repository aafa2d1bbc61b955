// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace hdp {

/// Throws UserError: "PATH: cannot VERB: " and the reason of errno as the C library words it.
[[noreturn]] void cannot(std::string_view verb, const std::filesystem::path& path, int error);

}  // namespace hdp
