// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace hdp {

/// What to say of a std::bad_alloc: with the size that was asked for, where it is known.
std::string out_of_memory();

}  // namespace hdp
