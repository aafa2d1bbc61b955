// SPDX-License-Identifier: Apache-2.0
#include "toy/play.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <hdp/base/error.hpp>
#include <hdp/machine/provenance.hpp>
#include <hdp/numeric/dense_attention.hpp>
#include <hdp/numeric/softmax.hpp>

namespace toy {
namespace {

constexpr std::int64_t kElementBytes = 2;

constexpr std::array<hdp::CounterInfo, 2> kCounters{
    {{"kept_keys", "keys", "Keys that queries kept."},
     {"dropped_keys", "keys", "Keys that queries saw and dropped."}}};
constexpr hdp::UnitKind kArray{"toy_array", "The multipliers of the toy.", kCounters, true};

/// `keys` and `values` vectors come in, and a query meets so many of each.
void add_query(const ToyConfig& config, std::int64_t d, std::int64_t keys, std::int64_t values,
               std::int64_t visible, HeadWork& work) {
  work.kept += keys;
  work.dropped += visible - keys;
  work.score_macs += keys * d;
  work.value_macs += values * d;
  work.compute +=
      {hdp::ceil_div(keys * d, config.multipliers) + hdp::ceil_div(values * d, config.multipliers)};
}

void load(const ToyConfig& config, const std::string& name, std::int64_t d, std::int64_t keys,
          std::int64_t values, HeadWork& work) {
  work.q_bytes = work.problem.queries * d * kElementBytes;
  work.k_bytes = keys * d * kElementBytes;
  work.v_bytes = values * d * kElementBytes;
  const std::int64_t held = work.k_bytes + work.v_bytes;
  if (held > config.buffer_bytes)
    hdp::refuse(name, "a head keeps " + std::to_string(held) + " bytes of keys and values",
                std::to_string(config.buffer_bytes) + " (buffer_bytes of " + config.name + ")");
  work.load = {hdp::ceil_div(work.q_bytes + held, config.bytes_per_cycle)};
}

HeadWork head_work(const ToyConfig& config, const hdp::Trace& trace, HeadWork work) {
  const std::int64_t d = trace.shape(work.layer).d;
  for (std::int64_t i = 0; i < work.problem.queries; ++i) {
    const std::int64_t visible = work.problem.visible(i), kept = config.prune.kept(visible);
    add_query(config, d, kept, kept, visible, work);
  }
  const std::int64_t most = config.prune.kept(work.problem.visible(work.problem.queries - 1));
  load(config, trace.name(), d, most, most, work);
  return work;
}

HeadWork row_work(const ToyConfig& config, const hdp::SpattenWorkload& rows,
                  const hdp::SpattenRow& row) {
  const bool prefill = rows.format == hdp::SpattenFormat::Prefill;
  HeadWork work{
      .layer = row.layer,
      .number = row.iteration,
      .head = row.head,
      .problem = {.queries = prefill ? row.sentence_length : 1, .keys = row.sentence_length}};
  for (std::int64_t i = 0; i < work.problem.queries; ++i)
    add_query(config, row.head_size, row.key_fetch, row.value_fetch, row.sentence_length, work);
  load(config, rows.name, row.head_size, row.key_fetch, row.value_fetch, work);
  return work;
}

}  // namespace

std::vector<HeadWork> work_of(const ToyConfig& config, const hdp::Workload& workload) {
  std::vector<HeadWork> all;
  if (const hdp::SpattenWorkload* rows = workload.rows()) {
    for (const hdp::SpattenRow& row : rows->rows) all.push_back(row_work(config, *rows, row));
    return all;
  }
  const hdp::Trace& trace = *workload.trace();
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
    const std::vector<hdp::Problem> problems = hdp::problems(trace, layer);
    for (std::size_t p = 0; p < problems.size(); ++p)
      for (std::int64_t head = 0; head < trace.shape(layer).heads; ++head)
        all.push_back(head_work(config, trace,
                                {.layer = layer,
                                 .number = static_cast<std::int64_t>(p),
                                 .head = head,
                                 .problem = problems[p]}));
  }
  return all;
}

const hdp::UnitKind& toy_array_kind() { return kArray; }

ToySession::ToySession(const ToyConfig& config, const hdp::Workload& workload,
                       const hdp::PlayOptions& options)
    : config_(config),
      trace_(workload.trace()),
      options_(options),
      work_(work_of(config, workload)) {
  for (const HeadWork& head : work_) end_ = end_ + head.load + head.compute;
  if (trace_ != nullptr && options.compares())
    result_.layers.resize(static_cast<std::size_t>(trace_->layers()));
}

void ToySession::run_until(hdp::Cycle end) {
  now_ = std::max(now_, std::min(end, end_));
  while (!done()) {
    const HeadWork& head = work_[next_];
    if (head_start_ + head.load + head.compute > now_) return;
    finish(head);
    if (options_.observer) options_.observer(head_start_.index, end_.index);
    ++next_;
    if (done()) close();
  }
}

void ToySession::finish(const HeadWork& head) {
  const hdp::Cycle loaded = head_start_ + head.load, end = loaded + head.compute;
  const auto phase = [&](const char* name, hdp::Cycle from, hdp::Cycle to) {
    result_.phases.push_back({name, head.layer, head.number, head.head, from.index, to.index});
    if (options_.timeline != nullptr) options_.timeline->span("array", name, from, to);
  };
  phase("load", head_start_, loaded);
  phase("compute", loaded, end);
  sum_.q_bytes += head.q_bytes;
  sum_.k_bytes += head.k_bytes;
  sum_.v_bytes += head.v_bytes;
  sum_.kept += head.kept;
  sum_.dropped += head.dropped;
  sum_.score_macs += head.score_macs;
  sum_.value_macs += head.value_macs;
  sum_.load += head.load;
  sum_.compute += head.compute;
  if (!result_.layers.empty()) compare(head);
  head_start_ = end;
}

void ToySession::compare(const HeadWork& head) {
  const hdp::Problem& problem = head.problem;
  hdp::Matrix<double> q, k, v;
  hdp::read_values(*trace_, head.layer, hdp::TensorKind::Q, head.head, q);
  const std::int64_t stored = trace_->kv_head(head.layer, head.head);
  hdp::read_values(*trace_, head.layer, hdp::TensorKind::K, stored, k);
  hdp::read_values(*trace_, head.layer, hdp::TensorKind::V, stored, v);
  hdp::DenseAttention dense;
  dense.load(k.view(), v.view());
  hdp::Matrix<double> p(1, k.rows()), reference(1, v.columns()), out(1, v.columns());
  hdp::Fidelity fidelity;
  fidelity.heads = 1;
  for (std::int64_t i = 0; i < problem.queries; ++i) {
    const std::int64_t query = problem.first_query + i,
                       kept = config_.prune.kept(problem.visible(i));
    dense.rows(std::as_const(q).view().slice(query, 1), problem.visible(i), 0, p.view(),
               reference.view());
    fidelity.mass_sum += p.eigen().leftCols(kept).sum();
    p.eigen().leftCols(kept) = q.eigen().row(query) * k.eigen().topRows(kept).transpose() /
                               std::sqrt(static_cast<double>(k.columns()));
    hdp::softmax(p.row(0).first(static_cast<std::size_t>(kept)));
    out.eigen() = p.eigen().leftCols(kept) * v.eigen().topRows(kept);
    fidelity.error.add(out.values(), reference.values());
  }
  fidelity.mass_sum /= static_cast<double>(problem.queries);
  result_.layers[static_cast<std::size_t>(head.layer)].add(fidelity);
}

void ToySession::close() {
  for (const hdp::Fidelity& layer : result_.layers) result_.fidelity.add(layer);
  result_.machine.provenance = hdp::provenance_of(config_);
  result_.machine.sources = "all of it is made up.";
  result_.cycles = end_.index;
  result_.units = {{.instance = "array",
                    .kind = std::string(kArray.name),
                    .datapath = kArray.datapath,
                    .total = result_.cycles,
                    .busy = sum_.compute.count,
                    .blocked = {{"memory", sum_.load.count}},
                    .counters = hdp::counters_of(kArray, std::array{sum_.kept, sum_.dropped})}};
  hdp::check_accounts(result_.units, result_.cycles);
  result_.memory.model = std::to_string(config_.bytes_per_cycle) + " bytes a cycle";
  result_.memory.read_bytes = {{"q", sum_.q_bytes}, {"k", sum_.k_bytes}, {"v", sum_.v_bytes}};
  result_.memory.written_bytes = {{"out", sum_.q_bytes}};
  result_.macs = {{"score", sum_.score_macs}, {"value", sum_.value_macs}};
  result_.decisions = {{"kept_keys", sum_.kept}, {"dropped_keys", sum_.dropped}};
  const bool array = sum_.compute >= sum_.load;
  result_.limiter = {array ? std::string(kArray.name) : "memory",
                     static_cast<double>(std::max(sum_.compute, sum_.load).count) /
                         static_cast<double>(result_.cycles)};
}

}  // namespace toy
