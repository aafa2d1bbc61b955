// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace hdp {

/// A count of a configuration, which is not negative, as an index.
inline std::size_t size_of(std::int64_t count) { return static_cast<std::size_t>(count); }

}  // namespace hdp
