// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include "plain_buffer.hpp"
#include "plain_fetcher.hpp"
#include "plain_parts.hpp"
#include "plain_tables.hpp"

namespace hdp::test::plain {

/// From the scores in their final order to the responses (B14 to B16).
class ValueSide {
 public:
  ValueSide(int units, int lanes, int lines, const IndexRom& rom, Fetcher& fetcher)
      : buffer(lines),
        units_(units),
        lanes_(lanes),
        rom_(rom),
        fetcher_(fetcher),
        space_(lines),
        top_k_(lines),
        score_queue_(lanes / units * 16) {}

  Buffer buffer;
  std::optional<Fragment> rebatched;

  /// The row whose response leaves in this cycle, if any.
  Job* respond(Cycle now) {
    if (responses_.empty() || responses_.front().first != now) return nullptr;
    Job* job = responses_.front().second;
    responses_.pop_front();
    if (job->value_part + 1 == job->value_fused) space_.release(job->value_owner->value_tag, now);
    return job;
  }

  void multiply(Cycle now) {
    if (!score_queue_.has(now) || !buffer.line) return;
    buffer.line.reset();
    const Fragment score = score_queue_.pop(now);
    if (score.last) responses_.emplace_back(now + 3 + log2(units_), score.job);
  }

  /// The collector of addresses and the fork behind the value allocation (B15).
  void fetch(Cycle now) {
    if (collected_all_ && advance(collected_, fetcher_.requests[1])) collected_all_ = false;
    if (!allocated_) return;
    const Fragment& f = *allocated_;
    const Job& job = *f.job;
    const Job& owner = *job.value_owner;
    for (int p = 0; p < 2; ++p) {
      fork_.branch(p, [&] {
        return !f.first || job.value_part != 0 ||
               put(at(buffer.write_descriptor, p),
                   port_descriptor(owner.value_start, p, job.value_lines, job.value_fused == 2,
                                   owner.value_tag));
      });
    }
    fork_.branch(2, [&] { return job.value_part != 0 || collect(f); });
    fork_.branch(3, [&] {
      const int start = owner.value_start + job.value_lines * job.value_part;
      return !f.first || put(buffer.read_descriptor, {start, 1, job.value_lines, owner.value_tag});
    });
    fork_.branch(4, [&] {
      if (!score_queue_.room(now)) return false;
      score_queue_.push(f, now);
      return true;
    });
    if (fork_.finished()) allocated_.reset();
  }

  /// Length adjustment, then the top-k or the path around it, then value allocation (B14).
  void select(Cycle now) {
    const bool top_k_idle = rows_in_top_k_ == 0;
    std::optional<Fragment> kept;
    bool pops = false;
    if (!top_k_.has(now)) {
      waited_ = 0;
    } else {
      kept = top_k_.front();
      const int count = divide_up(kept->job->values, units_);
      pops = selected_ >= count;  // a surplus fragment
      kept->last = kept->last || selected_ + 1 == count;
      if (pops || (kept->first && waited_ < kept->job->latency)) kept.reset();
      ++waited_;
    }
    std::optional<Fragment> next = reloaded_[1];
    bool takes = false, skips = false;
    if (next) {
      const int count = divide_up(next->job->keys, units_);
      takes = adjusted_ >= count;  // a fragment beyond the row's keys is dropped
      skips = !takes && next->job->values >= next->job->keys;
      next->last = next->last || adjusted_ + 1 == count;
    }
    const int source = arbiter_.pick(kept.has_value(), skips && top_k_idle);
    if (source >= 0) {
      const Fragment& f = source == 0 ? *kept : *next;
      if (!allocated_ && allocate(f, now)) {
        allocated_ = f;
        arbiter_.locked = !f.last;
        if (source == 0 && f.last) --rows_in_top_k_;
        (source == 0 ? pops : takes) = true;
      }
    }
    if (pops) {
      selected_ = top_k_.pop(now).last ? 0 : selected_ + 1;
      waited_ = 0;
    }
    if (next && !takes && !skips && top_k_.room(now)) {
      top_k_.push(*next, now);
      if (next->first) ++rows_in_top_k_;
      takes = true;
    }
    if (!takes) return;
    adjusted_ = reloaded_[1]->last ? 0 : adjusted_ + 1;
    reloaded_[1].reset();
  }

  /// Group g of an index row serves fragment g - 1; group 0 serves the last (B3).
  void reload() {
    advance(reloaded_[0], reloaded_[1]);
    if (!rebatched || reloaded_[0]) return;
    const bool row_end = (group_ + 1) * units_ == lanes_;
    rebatched->index_row = index_row_;
    group_ = row_end || rebatched->last ? 0 : group_ + 1;
    rebatched->group = group_;
    index_row_ = rebatched->last ? 0 : index_row_ + (row_end ? 1 : 0);
    advance(rebatched, reloaded_[0]);
  }

 private:
  bool collect(const Fragment& f) {
    if (collected_all_) return false;
    const Job& job = *f.job;
    const int bits = job.value_bits * job.value_fused;
    if (f.first) collected_count_ = 0;
    if (!collected_) collected_ = fetcher_.row(true, job.value_bits, job.value_fused, f.first);
    const auto count = static_cast<std::size_t>(std::min(units_, job.values - collected_count_));
    const std::span<const int> indexes = at(rom_, f.index_row);
    collected_->add(0xCD10000U + 0x10000U * static_cast<unsigned>(job.id),
                    indexes.subspan(static_cast<std::size_t>(f.group * units_), count), bits);
    collected_->last = f.last;
    collected_count_ += units_;
    collected_all_ = f.last || collected_count_ % lanes_ == 0;
    return true;
  }

  bool allocate(const Fragment& f, Cycle now) {
    Job& job = *f.job;
    if (!f.first || job.value_part != 0) return true;
    if (!space_.fits(job.value_lines * job.value_fused, now)) return false;
    std::tie(job.value_start, job.value_tag) = space_.allocate(job.value_lines * job.value_fused);
    return true;
  }

  int units_, lanes_;
  const IndexRom& rom_;
  Fetcher& fetcher_;
  Allocator space_;
  std::array<std::optional<Fragment>, 2> reloaded_;
  int index_row_ = 0, group_ = 0;
  Fifo<Fragment> top_k_;
  int adjusted_ = 0, selected_ = 0, waited_ = 0, rows_in_top_k_ = 0;
  Arbiter arbiter_;
  std::optional<Fragment> allocated_;
  Fork<5> fork_;  // write ports 0 and 1, addresses, read, score queue
  std::optional<FetchRow> collected_;
  bool collected_all_ = false;
  int collected_count_ = 0;
  Fifo<Fragment> score_queue_;
  std::deque<std::pair<Cycle, Job*>> responses_;
};

}  // namespace hdp::test::plain
