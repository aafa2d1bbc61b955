// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <hdp/base/check.hpp>
#include <hdp/kernel/component.hpp>

namespace hdp {

Component::Component(std::string name) : name_(std::move(name)) {}

Component::~Component() = default;

Cycle Component::wake_after(Cycle now) const {
  Cycle wake_at = next_event(now);
  HDP_CHECK(wake_at > now, "the next event lies in the future");
  // The tick used up the wake-up of every message, also of those that were still on their way.
  for (const Cycle* arrival : arrivals_) {
    if (*arrival > now) wake_at = std::min(wake_at, *arrival);
  }
  return wake_at;
}

}  // namespace hdp
