// SPDX-License-Identifier: Apache-2.0
#include "top_k_stage.hpp"

namespace hdp::spatten_rtl {

void TopKStage::step(ValueStage& values, Register<Fragment>& in, Time now) {
  old_rows_ = rows_;
  choose(values, now);
  select(now);
  for (std::size_t r = 3; r-- > 0;) {
    Register<Fragment>& from = r == 0 ? in : registers_[r - 1];
    if (!from.valid || !registers_[r].ready()) continue;
    registers_[r].load(from.value);
    from.valid = false;
  }
}

// The engine first, then the way around it, a row at a time.
void TopKStage::choose(ValueStage& values, Time now) {
  if (!engine_.can_pop(now)) {
    head_since_ = -1;
  } else if (head_since_ < 0) {
    head_since_ = now;
  }
  bool selected = false;
  if (head_since_ >= 0) {
    const Fragment& head = engine_.front();
    const Request& request = request_of(head);
    selected = !head.first() || now - head_since_ >= request.top_k_latency;
    if (selected && head.index >= request.value.fragments) {  // surplus
      engine_.pop(now);
      head_since_ = -1;
      selected = false;
    }
  }
  const Register<Fragment>& beside = registers_[2];
  const bool skips = beside.valid && request_of(beside.value).skips_top_k() && old_rows_ == 0 &&
                     beside.value.index < request_of(beside.value).key.fragments;
  int port = locked_;
  if (port < 0) port = selected ? 0 : skips ? 1 : -1;
  if (port < 0 || !(port == 0 ? selected : skips)) return;
  locked_ = port;
  Fragment fragment = port == 0 ? engine_.front() : beside.value;
  fragment.last = fragment.index + 1 == request_of(fragment).value.fragments;
  if (!values.accept(fragment, now)) return;
  if (fragment.last) locked_ = -1;
  if (port == 1) {
    registers_[2].valid = false;
    return;
  }
  engine_.pop(now);
  head_since_ = -1;
  if (fragment.last) --rows_;
}

// Drops the fragment that only rounds the lines up; sends rows to rank into the engine.
void TopKStage::select(Time now) {
  Register<Fragment>& last = registers_[2];
  if (!last.valid) return;
  const Request& request = request_of(last.value);
  if (last.value.index >= request.key.fragments) {
    last.valid = false;
  } else if (!request.skips_top_k() && engine_.can_push(now)) {
    engine_.push(last.value, now);
    if (last.value.first()) ++rows_;
    last.valid = false;
  }
}

}  // namespace hdp::spatten_rtl
