// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace hdp::spatten_rtl {

/// Most lanes of the fetcher.
inline constexpr std::size_t kMostLanes = 32;

enum class Matrix : std::uint8_t { Key, Value };

/// What data of a request carry on their way into a line buffer.
struct FetchContext {
  Matrix matrix = Matrix::Key;
  std::int8_t bits = 8;
};

/// A row of vectors to fetch: `count` addresses, each of a vector of `accesses` accesses.
struct FetchRow {
  FetchContext context;
  bool first = false, last = false;
  std::int8_t accesses = 1;
  std::int32_t count = 0;
  std::array<std::uint32_t, kMostLanes> addresses{};
};

}  // namespace hdp::spatten_rtl
