// SPDX-License-Identifier: Apache-2.0
#include "line_reader.hpp"

namespace hdp::spatten_rtl {

void LineReader::step(Time now) {
  if (idle()) return;
  const std::uint32_t old_commit = commit_, old_pushed = pushed_;
  const bool roll_back = check();
  pick_bank();
  issue(now);
  // The slot that is read next may not have been written in the last cycle.
  if (issued_.ready() && issue_ != pushed_ && !dead_) {
    ++reading_;
    issued_.load(ring_[issue_ % kRing]);
    issued_flag_ = flag_;
    ++issue_;
  }
  if (roll_back) {
    issue_ = commit_;
    flag_ = !flag_;
  }
  if (generator_.valid && pushed_ + 1 - old_commit < kRing) {
    ring_[pushed_++ % kRing] = generator_.value;
    generator_.valid = false;
  }
  dead_ = issue_ == old_pushed;
  generate();
}

// Drops what was read before a roll back; true where this read asks for one.
bool LineReader::check() {
  if (!checked_.valid) return false;
  if (checked_.value.flag != flag_) {
    checked_.valid = false;
    --reading_;
    return false;
  }
  if (!checked_.value.match) {
    checked_.valid = false;
    --reading_;
    return true;
  }
  if (out_.ready()) {
    out_.load(checked_.value.last);
    checked_.valid = false;
    --reading_;
    ++commit_;
  }
  return false;
}

// The lower bank first; a choice that has to wait stays.
void LineReader::pick_bank() {
  int bank = locked_bank_;
  if (bank < 0) bank = leaving_[0].valid ? 0 : leaving_[1].valid ? 1 : -1;
  if (bank >= 0) {
    auto& from = leaving_[static_cast<std::size_t>(bank)];
    if (checked_.ready()) {
      checked_.load(from.value);
      from.valid = false;
      locked_bank_ = -1;
    } else {
      locked_bank_ = bank;
    }
  }
  for (std::size_t b = 0; b < 2; ++b) {
    if (entering_[b].valid && leaving_[b].ready()) {
      leaving_[b].load(entering_[b].value);
      entering_[b].valid = false;
    }
  }
}

void LineReader::issue(Time now) {
  if (!issued_.valid || now < shape_.ready()) return;
  auto& bank = entering_[static_cast<std::size_t>(issued_.value.line & 1)];
  if (!bank.ready()) return;
  const Read& read = issued_.value;
  bank.load({read.last, issued_flag_, tags_[static_cast<std::size_t>(read.line)] == read.tag});
  issued_.valid = false;
}

void LineReader::generate() {
  if (!descriptor_.valid || !generator_.ready()) return;
  const ReadDescriptor& from = descriptor_.value;
  const std::int32_t line = shape_.line(from.start + generated_);
  const bool last = ++generated_ == from.count;
  generator_.load({line, from.tag, last});
  if (last) {
    generated_ = 0;
    descriptor_.valid = false;
  }
}

}  // namespace hdp::spatten_rtl
