// SPDX-License-Identifier: Apache-2.0
#include "plain_model.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "plain_buffer.hpp"
#include "plain_fetcher.hpp"
#include "plain_parts.hpp"
#include "plain_tables.hpp"
#include "plain_values.hpp"

namespace hdp::test::plain {
namespace {

int fused(int bits) { return bits == 6 ? 2 : 1; }

/// The row as the artefact's test bench maps it (section C).
Job job_of(const Row& row, const Settings& settings, std::size_t id) {
  const auto mapped = [](int bits) { return bits == 4 || bits == 6 ? bits : 8; };
  const int units = settings.multipliers / 64;
  Job job;
  job.id = static_cast<int>(id);
  job.keys = round_up(row.key_count, settings.fetch_padding);
  job.values = round_up(row.value_count, settings.fetch_padding);
  job.key_bits = mapped(row.key_bits);
  job.value_bits = mapped(row.value_bits);
  job.key_fused = fused(job.key_bits);
  job.value_fused = fused(job.value_bits);
  job.key_lines = round_up(divide_up(job.keys, units), 2);
  job.value_lines = round_up(divide_up(job.values, units), 2);
  job.requantise = settings.requantised_rows.contains(id);
  return job;
}

void check(const Job& job, const Row& row, int units) {
  const auto refuse = [&](const char* why) {
    throw std::invalid_argument("row " + std::to_string(job.id) + ": " + why);
  };
  if (row.key_count < 1 || row.value_count < 1) refuse("a count below 1");
  if (job.values > job.keys) refuse("more values than keys");
  if (units == 8 && (job.keys % 32 != 0 || job.values % 32 != 0)) {
    refuse("a count that is no multiple of 32 with 512 multipliers");
  }
  if (job.requantise && !may_requantise(row)) refuse("may not re-quantise");
  if (job.value_fused > job.key_fused) refuse("6-bit values of other keys were never measured");
}

class Model {
 public:
  Model(const Settings& settings, const std::vector<Row>& rows)
      : units_(settings.multipliers / 64),
        lanes_(std::max(32 / settings.bandwidth_downsample, units_)),
        rom_(index_rom(settings.buffer_lines, lanes_, units_ * settings.buffer_lines)),
        fetcher_(lanes_, 16 / settings.bandwidth_downsample, settings.multipliers),
        keys_(settings.buffer_lines),
        key_space_(settings.buffer_lines),
        values_(units_, lanes_, settings.buffer_lines, rom_, fetcher_),
        tree_(static_cast<std::size_t>(log2(units_))),
        scores_(settings.buffer_lines),
        normal_rows_(16 * settings.buffer_lines) {
    JavaRandom random;
    for (const Row& row : rows) {
      Job job = job_of(row, settings, jobs_.size());
      check(job, row, units_);
      if (!join_pair(job)) {
        job.latency =
            top_k_latency(random, row.key_count, row.value_count, settings.top_k_parallelism);
      }
      jobs_.push_back(std::make_unique<Job>(job));
      if (job.part == 0) jobs_.back()->key_owner = jobs_.back().get();
      result_.rows.push_back({job.latency, job.requantise, -1, -1, -1});
    }
  }

  Result run() {
    for (Cycle now = 16; responses_ < jobs_.size(); ++now) {
      if (const Job* job = values_.respond(now)) {
        result_of(*job).response_cycle = result_.cycles = now;
        ++responses_;
      }
      values_.multiply(now);
      values_.buffer.read(now);
      values_.buffer.write(now);
      fetcher_.issue(now);
      values_.fetch(now);
      values_.select(now);
      values_.reload();
      order_rows(now);
      decide(now);
      multiply_keys(now);
      keys_.read(now);
      keys_.write(now);
      fetcher_.collect(keys_, values_.buffer, now);
      fetch_keys();
      start_request(now);
      allocate_keys(now);
      if (now - std::max(result_.cycles, fetcher_.last_read) > 1'000'000) {
        throw std::runtime_error("hangs after " + std::to_string(responses_) + " responses");
      }
    }
    result_.dram_reads = fetcher_.reads;
    return result_;
  }

 private:
  /// 6-bit rows come in pairs. Only a last row was measured without its partner.
  bool join_pair(Job& job) {
    Job* before = jobs_.empty() ? nullptr : jobs_.back().get();
    if (!before || before->part + 1 == before->key_fused) return false;
    if (job.keys != before->keys || job.values != before->values ||
        job.key_bits != before->key_bits || job.value_bits != before->value_bits) {
      throw std::invalid_argument("row " + std::to_string(job.id) + ": differs from its partner");
    }
    job.part = 1;
    job.key_owner = before;
    return true;
  }

  RowResult& result_of(const Job& job) { return at(result_.rows, job.id); }

  /// The exit of the re-quantise buffer (B13), and rebatch: parts by arrival (B14).
  void order_rows(Cycle now) {
    if (ordered_ && !values_.rebatched) {
      Job& job = *ordered_->job;
      if (next_part_ == 0) value_owner_ = &job;
      job.value_owner = value_owner_;
      job.value_part = next_part_;
      if (ordered_->last) next_part_ = next_part_ + 1 < job.value_fused ? next_part_ + 1 : 0;
      advance(ordered_, values_.rebatched);
    }
    const bool normal = normal_rows_.has(now) && normal_rows_.front().need <= finished_;
    const bool second = decided_ && decided_->second && !decided_fork_.done[0];
    const int source = order_arbiter_.pick(normal, second);
    if (source < 0 || ordered_) return;
    ordered_ = source == 0 ? normal_rows_.pop(now) : *decided_;
    if (source == 1) decided_fork_.done[0] = true;
    if (!ordered_->last) return;
    order_arbiter_.locked = false;
    finished_ = source == 0 ? 0 : finished_ + 1;
  }

  /// Maximum, threshold and report (B12); the entry of the re-quantise buffer.
  void decide(Cycle now) {
    if (decided_) {
      Fragment& f = *decided_;
      const bool again = f.job->requantise && !f.second;
      decided_fork_.branch(0, [&] {
        if (f.second || (!again && !normal_rows_.room(now))) return false;  // see order_rows
        f.need = needed_;
        if (!again) normal_rows_.push(f, now);
        if (f.last) needed_ = again ? needed_ + 1 : 0;
        return true;
      });
      decided_fork_.branch(1, [&] { return !f.first || report(*f.job, again, now); });
      if (decided_fork_.finished()) {
        RowResult& row = result_of(*f.job);
        if (f.last) {
          (f.second ? row.second_pass_last_score_cycle : row.first_pass_last_score_cycle) = now;
        }
        decided_.reset();
      }
    }
    if (decided_ || !maximum_ || !scores_.has(now)) return;
    decided_ = scores_.pop(now);
    maximum_ = !decided_->last;
  }

  bool report(Job& job, bool again, Cycle now) {
    if (!in_flight_.has(now) || (again && repeat_.skid)) return false;
    in_flight_.pop(now);
    if (again) {
      repeat_request_ = Request{&job, true};
    } else if (job.part + 1 == job.key_fused) {
      key_space_.release(job.key_owner->key_tag, now + 1);
    }
    return true;
  }

  /// Moves a rigid pipeline on, unless its last stage holds something that `exit` refuses.
  template <class Stages, class Exit>
  static bool shift(Stages& stages, Exit exit) {
    if (stages.back() && !exit(*stages.back())) return false;
    std::move_backward(stages.begin(), stages.end() - 1, stages.end());
    stages.front().reset();
    return true;
  }

  /// Broadcast, products and maximum tree (B10, B12).
  void multiply_keys(Cycle now) {
    const auto into_scores = [&](const Fragment& f) {
      if (!scores_.room(now) || (f.last && maximum_)) return false;
      scores_.push(f, now);
      if (f.last) maximum_ = true;
      return true;
    };
    const bool tree_moves = !tree_.empty() && shift(tree_, into_scores);
    const auto into_tree = [&](const Fragment& f) {
      if (tree_.empty()) return into_scores(f);
      return tree_moves && put(tree_.front(), f);
    };
    if (shift(products_, into_tree)) advance(broadcast_, products_.front());
    if (broadcast_ || !stage_ || stage_fork_.done[4] || !keys_.line) return;
    const bool last = *keys_.line;
    keys_.line.reset();
    broadcast_ = Fragment{stage_->job, stage_->second, pass_starts_, last};
    pass_starts_ = stage_fork_.done[4] = last;
  }

  /// The key address generator and the fork of a request (B2).
  void fetch_keys() {
    advance(key_row_, fetcher_.requests[0]);
    if (!stage_) return;
    const Job& job = *stage_->job;
    const bool second = stage_->second;
    const bool fetched = job.part != 0 && !second;
    const int tag = 2 * job.key_owner->key_tag + (second ? 1 : 0);
    const int start = job.key_owner->key_start + job.key_lines * job.part;
    for (int p = 0; p < 2; ++p) {
      stage_fork_.branch(p, [&] {
        const bool pair = job.key_fused == 2 && !second;
        return fetched || put(at(keys_.write_descriptor, p),
                              port_descriptor(start, p, job.key_lines, pair, tag));
      });
    }
    stage_fork_.branch(2, [&] { return fetched || next_key_row(job, second); });
    stage_fork_.branch(3, [&] {
      return put(keys_.read_descriptor, {start, 1, job.key_lines, tag});
    });
    if (stage_fork_.finished()) stage_.reset();
  }

  bool next_key_row(const Job& job, bool second) {
    if (key_row_) return false;
    const int bits = second ? 4 : job.key_bits;
    const int matrices = second ? 1 : job.key_fused;
    const std::uint32_t base =
        (second ? 0xAB20000U : 0xAB10000U) + 0x10000U * static_cast<unsigned>(job.id);
    const int count = std::min(lanes_, job.keys - key_index_row_ * lanes_);
    const std::span<const int> indexes = at(rom_, key_index_row_);
    key_row_ = fetcher_.row(false, bits, matrices, key_index_row_ == 0);
    key_row_->add(base, indexes.first(static_cast<std::size_t>(count)), bits * matrices);
    key_row_->last = (key_index_row_ + 1) * lanes_ >= job.keys;
    key_index_row_ = key_row_->last ? 0 : key_index_row_ + 1;
    return key_row_->last;
  }

  /// A second pass goes before a new request, unless that has locked the arbiter.
  void start_request(Cycle now) {
    const int source = start_arbiter_.pick(repeat_.out.has_value(), allocated_.has_value());
    if (source >= 0) {
      std::optional<Request>& request = source == 0 ? repeat_.out : allocated_;
      start_fork_.branch(0, [&] {
        if (!in_flight_.room(now)) return false;
        in_flight_.push(*request, now);
        return true;
      });
      start_fork_.branch(1, [&] { return put(stage_, *request); });
      if (start_fork_.finished()) {
        start_arbiter_.locked = false;
        request.reset();
      }
    }
    repeat_.step(repeat_request_);
  }

  void allocate_keys(Cycle now) {
    if (allocated_ || allocated_jobs_ == jobs_.size()) return;
    Job& job = *jobs_[allocated_jobs_];
    const int size = job.part == 0 ? job.key_lines * job.key_fused : 0;
    if (!key_space_.fits(size, now)) return;
    if (job.part == 0) std::tie(job.key_start, job.key_tag) = key_space_.allocate(size);
    allocated_ = Request{&job, false};
    ++allocated_jobs_;
  }

  int units_, lanes_;  // S, CH
  std::vector<std::unique_ptr<Job>> jobs_;
  Result result_;
  std::size_t responses_ = 0;
  IndexRom rom_;
  Fetcher fetcher_;
  Buffer keys_;
  Allocator key_space_;
  ValueSide values_;

  std::size_t allocated_jobs_ = 0;
  std::optional<Request> allocated_, stage_, repeat_request_;
  SkidRegister<Request> repeat_;
  Arbiter start_arbiter_;
  Fork<2> start_fork_;
  Fifo<Request> in_flight_{16};
  Fork<5> stage_fork_;  // write ports 0 and 1, addresses, read, last line
  std::optional<FetchRow> key_row_;
  int key_index_row_ = 0;

  bool pass_starts_ = true, maximum_ = false;
  std::optional<Fragment> broadcast_;
  std::array<std::optional<Fragment>, 7> products_;  // multiply, then six adder levels
  std::vector<std::optional<Fragment>> tree_;
  Fifo<Fragment> scores_, normal_rows_;
  std::optional<Fragment> decided_, ordered_;
  Fork<2> decided_fork_;  // re-quantise buffer, report
  Arbiter order_arbiter_;
  int needed_ = 0, finished_ = 0, next_part_ = 0;
  Job* value_owner_ = nullptr;
};

}  // namespace

bool may_requantise(const Row& row) {
  return row.if_requant || row.key_bits == -1 || row.key_bits == 10 || row.key_bits == 12;
}

Result run(const Settings& settings, const std::vector<Row>& rows) {
  return Model(settings, rows).run();
}

}  // namespace hdp::test::plain
