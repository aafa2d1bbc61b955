// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "machine/hdp/sequencer.hpp"

namespace hdp {

PeWait Sequencer::wait_of(const Context& context) const {
  const SliceWork& work = *context.work;
  if (context.values.given < std::ssize(work.values)) {
    const std::int64_t order = work.values[static_cast<std::size_t>(context.values.given)].order;
    if (context.probabilities > order) return PeWait::Memory;
    if (context.scored > order) return PeWait::Softmax;
  }
  if (work.prunes && context.fractions.given < std::ssize(work.fractions)) {
    const KeptJob& job = work.fractions[static_cast<std::size_t>(context.fractions.given)];
    if (context.verdicts < job.verdicts) return PeWait::Decision;
    const bool masked = context.masks > job.strip && context.kept(job.strip);
    if (!masked && (context.all_tiles_given() || context.strip > job.strip))
      return PeWait::Decision;
  }
  return work.prunes && context.all_tiles_given() && context.undecided() ? PeWait::Decision
                                                                         : PeWait::Memory;
}

std::string Sequencer::describe_wait() const {
  if (active_ == 0) return {};
  const Context& context = contexts_[by_age_.front()];
  const SliceWork& work = *context.work;
  const auto done = [&](Stream stream) { return context.stream(stream).done; };
  return fmt::format(
      "layer {} head {} waits for {}: strip {} of {}, {} masks, fraction job {} of {}, "
      "value job {} of {}; loads {} + {} + {} of {} + {} + {}, stores {} of {}",
      work.layer, work.heads.front().head, name_of(wait_of(context)), context.strip,
      work.strips.size(), context.masks, context.fractions.given, work.fractions.size(),
      context.values.given, work.values.size(), done(Stream::Planes), done(Stream::Kept),
      done(Stream::Values), work.plane_loads.size(), work.kept_loads.size(),
      work.value_loads.size(), done(Stream::Stores), work.stores.size());
}

}  // namespace hdp
