// SPDX-License-Identifier: Apache-2.0
#include "value_stage.hpp"

#include <algorithm>

namespace hdp::spatten_rtl {

ValueStage::ValueStage(std::span<const Request> requests, const IndexRom& rom, const Shape& shape,
                       LineBuffer& buffer, std::vector<Time>& responses)
    : requests_(requests),
      rom_(rom),
      shape_(shape),
      buffer_(buffer),
      responses_(responses),
      manager_(shape),
      scores_(static_cast<std::size_t>(16 * shape.fragments_per_row())) {}

void ValueStage::multiply(Time now) {
  manager_.step(now);
  if (!buffer_.reader.valid() || !scores_.can_pop(now)) return;
  const Entry entry = scores_.front();
  buffer_.reader.take();
  scores_.pop(now);
  ++multiplied_;
  if (!entry.fragment.last) return;
  const Time response = now + 3 + shape_.tree_levels;
  responses_[static_cast<std::size_t>(entry.fragment.request)] = response;
  if (request_of(entry.fragment).value.last) manager_.release(entry.lines.tag, response);
  ++finished_;
}

void ValueStage::step(Fetcher& fetcher, Time now) {
  auto& offer = fetcher.offer(Matrix::Value);
  if (row_full_ && offer.ready()) {
    offer.load(row_);
    row_full_ = false;
    row_.count = 0;
  }
  if (!entry_.valid) return;
  const auto& [fragment, lines] = entry_.value;
  const Request& request = request_of(fragment);
  if ((left_ & Write0) != 0 && describe_writes(request, lines, 0)) left_ &= ~Write0;
  if ((left_ & Write1) != 0 && describe_writes(request, lines, 1)) left_ &= ~Write1;
  if ((left_ & Addresses) != 0 && collect(fragment, request)) left_ &= ~Addresses;
  if ((left_ & Read) != 0 && describe_read(request, lines)) left_ &= ~Read;
  if ((left_ & Score) != 0 && scores_.can_push(now)) {
    scores_.push(entry_.value, now);
    left_ &= ~Score;
  }
  entry_.valid = left_ != 0;
}

// Another head of the same batch finds its values fetched.
unsigned ValueStage::branches_of(const Fragment& fragment, const Operand& value) {
  unsigned branches = Score;
  if (value.part == 0) branches |= Addresses;
  if (!fragment.first()) return branches;
  return branches | Read | (value.part == 0 ? Write0 | Write1 : 0U);
}

bool ValueStage::accept(const Fragment& fragment, Time now) {
  if (!entry_.ready()) return false;
  const Operand& value = request_of(fragment).value;
  const std::int32_t lines = fragment.first() && value.part == 0 ? value.lines * value.fused : 0;
  if (lines > 0 && !manager_.can_allocate(lines, now)) return false;
  entry_.load({fragment, manager_.allocate(lines)});
  left_ = branches_of(fragment, value);
  return true;
}

bool ValueStage::describe_writes(const Request& request, const Allocation& lines,
                                 std::size_t port) {
  auto& descriptor = buffer_.writer.descriptor(port);
  if (!descriptor.ready()) return false;
  descriptor.load(first_pass_writes(request.value, lines, port));
  return true;
}

bool ValueStage::describe_read(const Request& request, const Allocation& lines) {
  auto& descriptor = buffer_.reader.descriptor();
  if (!descriptor.ready()) return false;
  descriptor.load(
      {lines.start + request.value.lines * request.value.part, request.value.lines, 2 * lines.tag});
  return true;
}

// The groups of a row of indexes come rotated by one: the last fragment of the row, or of all lines
// of scores, takes the first group (an oddity of the RTL). They are assigned before fragments are
// dropped, so the last that is kept need not be one of those.
bool ValueStage::collect(const Fragment& fragment, const Request& request) {
  if (row_full_) return false;
  const std::int32_t slots = shape_.fragments_per_row(), units = shape_.softmax_units;
  const std::int32_t slot = fragment.index % slots, number = fragment.index / slots;
  const bool ends = slot + 1 == slots || fragment.last;
  const bool rotates = slot + 1 == slots || fragment.index + 1 == request.key.lines;
  const std::int32_t group = rotates ? 0 : slot + 1;
  const std::int32_t held = std::min(units, request.value.count - fragment.index * units);
  const auto bytes = 32 * static_cast<std::uint32_t>(request.value.accesses());
  const auto base =
      0xCD10000U + 0x10000U * static_cast<std::uint32_t>(request.id - request.value.part);
  const auto from = static_cast<std::size_t>(group) * static_cast<std::size_t>(units);
  const auto to = static_cast<std::size_t>(slot) * static_cast<std::size_t>(units);
  const auto indexes = rom_.row(number);
  for (std::size_t i = 0; i < static_cast<std::size_t>(held); ++i)
    row_.addresses[to + i] = base + static_cast<std::uint32_t>(indexes[from + i]) * bytes;
  row_.count = slot * units + held;
  row_.context = {Matrix::Value, request.value.bits};
  row_.accesses = static_cast<std::int8_t>(request.value.accesses());
  row_.first = number == 0;
  row_.last = fragment.last;
  row_full_ = ends;
  return true;
}

}  // namespace hdp::spatten_rtl
