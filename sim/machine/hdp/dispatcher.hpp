// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "machine/control.hpp"
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/component.hpp>

namespace hdp {

/// A core has a free context, in the problem of this number.
struct FreeContext {
  std::uint32_t context = 0, problem = 0;
};

/// The slice that goes there.
struct SliceIndex {
  std::uint32_t context = 0;
  std::size_t slice = 0;
};

/// Gives the next slice to the first core with a free context; of those that ask in the same cycle,
/// the one with the lowest number first.
class Dispatcher final : public Component {
 public:
  struct Port {
    Channel<FreeContext>* in_free;
    Channel<SliceIndex>* out_slices;
  };
  Dispatcher(std::string name, const std::vector<Port>& ports) : Component(std::move(name)) {
    for (const Port& port : ports)
      ports_.push_back({&listen(*port.in_free), &drive(*port.out_slices)});
  }

  /// Slices [next, end) of a problem are to be given.
  void assign(std::size_t next, std::size_t end) {
    next_ = next;
    end_ = end;
    ++problem_;
  }

  void tick(Cycle now) override {
    for (const Port& port : ports_)
      while (port.in_free->can_pop(now) && (next_ == end_ || port.out_slices->can_push(now))) {
        const FreeContext free = port.in_free->pop(now);
        if (free.problem == problem_ && next_ != end_)
          port.out_slices->push(now, {free.context, next_++});
      }
  }
  [[nodiscard]] Cycle next_event(Cycle) const override { return kNever; }
  /// Control, as the sequencers.
  [[nodiscard]] std::string_view account() const override { return sequencer_kind().name; }

 private:
  std::vector<Port> ports_;
  std::size_t next_ = 0, end_ = 0;
  std::uint32_t problem_ = 0;
};

}  // namespace hdp
