// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace hdp::test {

/// A debug build has sanitizers, and is many times slower: it takes some of many cases.
#ifdef NDEBUG
inline constexpr bool kQuick = false;
#else
inline constexpr bool kQuick = true;
#endif

}  // namespace hdp::test
