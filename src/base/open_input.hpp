// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace hdp {

/// A descriptor of a regular file, to be read and to be closed by the caller; from now on the file
/// is in use as an input. Nothing else is opened. Errors are the user's.
int open_input(const std::filesystem::path& path);

}  // namespace hdp
