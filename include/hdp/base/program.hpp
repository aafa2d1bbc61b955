// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace hdp {

/// A digest of the program that runs and of the hdpsim libraries it loaded: what was made by
/// another build, were it one with uncommitted changes, is told from what this one makes.
const std::string& program_build();

}  // namespace hdp
