// SPDX-License-Identifier: Apache-2.0
// What the sequencer asks the memory for, and in which order.
#include <algorithm>
#include <bit>

#include "machine/token_picker/sequencer.hpp"

namespace hdp::token_picker {

/// Next chunks first, so that entries drain; then slices from the oldest on: what they hold, the
/// values, and last the first chunks.
void Sequencer::ask(Cycle now) {
  for (std::int64_t i = 0; i < config_.fetch.requests_per_cycle; ++i) {
    if (ask_wanted(now)) continue;
    const bool asked = std::ranges::any_of(flows_, [&](std::uint32_t slot) {
      return ask_transfer(now, slot) || ask_pass(now, slot) || ask_values(now, slot) ||
             ask_first_chunks(now, slot);
    });
    if (!asked) return;
  }
}

/// Vectors of `bytes` bytes that the request block around `address` holds from there on, upwards
/// or down.
std::int64_t Sequencer::run_of(std::uint64_t address, std::int64_t bytes, bool down) const {
  constexpr std::int64_t kMost = 1 << 15;  // vectors of an arrival
  const std::int64_t block = config_.fetch.request_bytes;
  const auto into = static_cast<std::int64_t>(address % static_cast<std::uint64_t>(block));
  const std::int64_t room = down ? std::min(into + bytes, block) : block - into;
  return std::clamp<std::int64_t>(room / bytes, 1, kMost);
}

bool Sequencer::ask_wanted(Cycle now) {
  if (wanted_.empty() || !out_urgent_.can_push(now)) return false;
  const Wanted first = wanted_.front();
  const Slice& slice = flow(first.slot).slice;
  const std::int64_t bytes = layout_.chunk_bytes(slice, first.chunk);
  if (buffer_free_ < bytes) return false;
  // Neighbours that wait together go in one request.
  std::int64_t step = 1, count = 1;
  std::int64_t most = 1;
  const auto follows = [&](std::int64_t place, std::int64_t by) {
    const Wanted& next = wanted_[static_cast<std::size_t>(place)];
    return next.slot == first.slot && next.chunk == first.chunk && next.live == first.live &&
           static_cast<std::int64_t>(next.token) == first.token + by * place;
  };
  if (std::ssize(wanted_) > 1) {
    step = follows(1, 1) ? 1 : -1;
    most = std::min(run_of(layout_.chunk(slice, first.chunk, first.token), bytes, step < 0),
                    buffer_free_ / bytes);
  }
  while (count < most && count < std::ssize(wanted_) && follows(count, step)) ++count;
  wanted_.erase(wanted_.begin(), wanted_.begin() + count);
  ask_keys(now, out_urgent_, first, count, step);
  return true;
}

bool Sequencer::ask_transfer(Cycle now, std::uint32_t slot) {
  Flow& slice = flow(slot);
  if (slice.asked == slice.transfers.size() || !out_urgent_.can_push(now)) return false;
  const Transfer& transfer = slice.transfers[slice.asked++];
  const std::uint32_t job = new_job({.slot = slot, .store = transfer.write});
  out_urgent_.push(now, {.address = transfer.address,
                         .bytes = static_cast<std::uint32_t>(transfer.bytes),
                         .arrival = {.job = job},
                         .tensor = transfer.tensor,
                         .write = transfer.write});
  progress_ = true;
  return true;
}

/// In order: tokens of the pass under way.
bool Sequencer::ask_pass(Cycle now, std::uint32_t slot) {
  Flow& slice = flow(slot);
  if (slice.pass_asked == slice.pass.size() || !out_urgent_.can_push(now)) return false;
  const std::span<const Wanted> left = std::span(slice.pass).subspan(slice.pass_asked);
  const Wanted first = left.front();
  const std::int64_t bytes = layout_.chunk_bytes(slice.slice, first.chunk);
  const std::int64_t step = downwards() ? -1 : 1;
  const std::int64_t most =
      std::min({run_of(layout_.chunk(slice.slice, first.chunk, first.token), bytes, downwards()),
                buffer_free_ / bytes, scoreboard_.free(), std::ssize(left)});
  entry_wanted_ = entry_wanted_ || scoreboard_.free() == 0;
  if (most == 0) return false;
  const auto follows = [&](std::int64_t place) {
    const Wanted& next = left[static_cast<std::size_t>(place)];
    return next.live == first.live && next.token == first.token + step * place;
  };
  std::int64_t count = 1;
  while (count < most && follows(count)) ++count;
  scoreboard_.take(count);
  slice.pass_asked += static_cast<std::size_t>(count);
  ask_keys(now, out_urgent_, first, count, step);
  return true;
}

bool Sequencer::ask_values(Cycle now, std::uint32_t slot) {
  Flow& slice = flow(slot);
  if (!slice.softmax_done || slice.row == slice.rows.size() || !out_urgent_.can_push(now))
    return false;
  const std::uint32_t first = slice.rows[slice.row];
  const std::int64_t bytes = layout_.value_bytes(slice.slice);
  if (buffer_free_ < bytes) return false;
  const std::uint32_t live = slice.keep[first];
  const std::int64_t most =
      std::min({run_of(layout_.value(slice.slice, first), bytes, false), buffer_free_ / bytes,
                std::ssize(slice.rows) - static_cast<std::int64_t>(slice.row)});
  std::int64_t count = 1;
  for (; count < most; ++count) {
    const std::uint32_t next = slice.rows[slice.row + static_cast<std::size_t>(count)];
    if (next != first + count || std::popcount(slice.keep[next]) != std::popcount(live)) break;
  }
  slice.row += static_cast<std::size_t>(count);
  const std::int64_t words =
      ask_vectors(now, out_urgent_, {.slot = slot, .first = first, .left = count},
                  {.address = layout_.value(slice.slice, first),
                   .bytes = static_cast<std::uint32_t>(count * bytes),
                   .arrival = {.values = true},
                   .tensor = Tensor::V},
                  config_.prune.value_bits, std::popcount(live));
  slice.phase(RecordedPhase::Value).cover(now, now);
  const std::int64_t macs = count * std::popcount(live) * layout_.elements(slice.slice);
  totals_.value_rows_read += count;
  totals_.value_words += words;
  totals_.value_macs += macs;
  totals_.value_products += macs * parts(config_.prune.value_bits);
  return true;
}

bool Sequencer::ask_first_chunks(Cycle now, std::uint32_t slot) {
  Flow& slice = flow(slot);
  const std::int64_t tokens = slice.slice.tokens;
  if (slice.ready_at > now || slice.place == tokens || !out_stream_.can_push(now)) return false;
  const TokenOrder order = config_.prune.token_order;
  const std::int64_t token = token_at(order, slice.place, tokens);
  const std::int64_t bytes = layout_.chunk_bytes(slice.slice, 0);
  const bool down = downwards();
  // The newest and the first token stand alone.
  const std::int64_t alike = down && slice.place < 2 ? 1 : tokens - slice.place;
  const std::int64_t count = std::min({run_of(layout_.chunk(slice.slice, 0, token), bytes, down),
                                       alike, buffer_free_ / bytes, scoreboard_.free()});
  entry_wanted_ = entry_wanted_ || scoreboard_.free() == 0;
  if (count == 0) return false;
  scoreboard_.take(count);
  slice.place += count;
  ask_keys(now, out_stream_, {slot, static_cast<std::uint32_t>(token), slice.slice.everyone(), 0},
           count, down ? -1 : 1);
  return true;
}

/// One chunk of `count` tokens from `first` on.
void Sequencer::ask_keys(Cycle now, Channel<FetchRequest>& to, const Wanted& first,
                         std::int64_t count, std::int64_t step) {
  Flow& slice = flow(first.slot);
  const std::int64_t lowest = step > 0 ? first.token : first.token - (count - 1);
  const std::int64_t bits = config_.prune.chunk_bits[static_cast<std::size_t>(first.chunk)];
  const std::int64_t users = std::popcount(first.live);
  const std::int64_t words = ask_vectors(
      now, to,
      {.slot = first.slot,
       .live = first.live,
       .chunk = first.chunk,
       .first = first.token,
       .step = step,
       .left = count},
      {.address = layout_.chunk(slice.slice, first.chunk, lowest),
       .bytes = static_cast<std::uint32_t>(count * layout_.chunk_bytes(slice.slice, first.chunk)),
       .arrival = {.tests = static_cast<std::uint16_t>(config_.prune.estimation ? users : 0)}},
      bits, users);
  slice.phase(RecordedPhase::Score).cover(now, now);
  const std::int64_t macs = count * users * layout_.elements(slice.slice);
  totals_.chunks_read[static_cast<std::size_t>(first.chunk)] += count;
  totals_.key_words += words;
  totals_.partial_scores += count * users;
  totals_.score_macs += macs;
  totals_.score_products += macs * parts(bits);
}

/// Vectors of elements of `bits` bits for the lanes, each of which takes one for every user.
/// Returns the words of the buffer that they read.
std::int64_t Sequencer::ask_vectors(Cycle now, Channel<FetchRequest>& to, Job job,
                                    FetchRequest request, std::int64_t bits, std::int64_t users) {
  const std::int64_t d = layout_.elements(flow(job.slot).slice);
  const std::int64_t words = ceil_div(d * bits, config_.kv_buffer.word_bits);
  job.bytes = request.bytes;
  request.arrival.job = new_job(job);
  request.arrival.vectors = static_cast<std::uint16_t>(job.left);
  request.arrival.compute =
      static_cast<std::uint32_t>(users * vector_cycles(config_.lane, d, bits));
  request.arrival.operands = static_cast<std::uint32_t>(users * words);
  to.push(now, request);
  return job.left * users * words;
}

std::uint32_t Sequencer::new_job(const Job& job) {
  if (free_jobs_.empty()) {
    free_jobs_.push_back(static_cast<std::uint32_t>(jobs_.size()));
    jobs_.emplace_back();
  }
  const std::uint32_t number = free_jobs_.back();
  free_jobs_.pop_back();
  jobs_[number] = job;
  buffer_free_ -= job.bytes;
  vectors_out_ += job.left;
  progress_ = true;
  return number;
}

}  // namespace hdp::token_picker
