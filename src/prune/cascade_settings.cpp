// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "workload/share_list.hpp"
#include <hdp/base/error.hpp>
#include <hdp/prune/cascade_settings.hpp>

namespace hdp {

KeepSchedule schedule_of(const CascadeStage& stage, std::int64_t layers,
                         std::string_view place) try {
  KeepSchedule schedule;
  schedule.base.kind = stage.base;
  if (stage.keep == kLinearKeep) {
    schedule.kind = KeepSchedule::Kind::Linear;
    schedule.start_layer =
        static_cast<std::int64_t>(std::ceil(stage.start * static_cast<double>(layers) - 0x1p-20));
    schedule.first = stage.first;
    schedule.last = stage.last;
    return schedule;
  }
  schedule.kind = KeepSchedule::Kind::Step;
  for (const detail::Share share : detail::shares_of(stage.keep, layers))
    schedule.steps.push_back(static_cast<double>(share) / static_cast<double>(detail::kWhole));
  return schedule;
} catch (const UserError& mistake) {
  throw mistake.within(std::string(place) + "/keep");
}

IgnoredSettings ignored_settings(const CascadeStage& stage) {
  IgnoredSettings ignored;
  if (stage.keep != kLinearKeep)
    add_ignored(ignored, {"start", "first", "last"}, "the shares are listed", "keep=linear");
  if (!stage.prunes()) add_ignored(ignored, {"base"}, "everything is kept", "keep=linear");
  return ignored;
}

}  // namespace hdp
