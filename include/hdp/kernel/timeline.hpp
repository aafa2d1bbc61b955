// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <hdp/base/quantity.hpp>

namespace hdp {

/// Where components may draw what they did and when. Tracks are component names. The strings are
/// only valid during the call. A sink must not influence the run.
class TimelineSink {
 public:
  virtual ~TimelineSink() = default;
  /// `name` went on during [start, end).
  virtual void span(std::string_view track, std::string_view name, Cycle start, Cycle end) = 0;
  /// `name` happened in the cycle `at`.
  virtual void instant(std::string_view track, std::string_view name, Cycle at) = 0;
};

}  // namespace hdp
