// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/base/error.hpp>

namespace hdp {

/// Work remains, but nothing can ever happen again. what() names the cycle and, one a line, each
/// component that waits and what for.
class Deadlock : public LogicFault {
 public:
  using LogicFault::LogicFault;
};

/// The run did not end before its cycle limit. what() names the limit and who waits for what.
class LimitReached : public LogicFault {
 public:
  using LogicFault::LogicFault;
};

}  // namespace hdp
