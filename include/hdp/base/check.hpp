// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace hdp::detail {
[[noreturn]] void check_failed(std::string_view condition, std::string_view message,
                               std::string_view file, int line);
}  // namespace hdp::detail

/// An invariant of ours, checked in every build: throws LogicFault with the place.
#define HDP_CHECK(condition, message)                                       \
  do {                                                                      \
    if (!(condition)) [[unlikely]]                                          \
      ::hdp::detail::check_failed(#condition, message, __FILE__, __LINE__); \
  } while (false)
