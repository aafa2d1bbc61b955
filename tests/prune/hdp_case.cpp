// SPDX-License-Identifier: Apache-2.0
#include "prune/hdp_case.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <rapidcheck.h>

#include "support/tensor_file.hpp"
#include <hdp/base/random.hpp>

namespace hdp::test {
namespace {

/// Anything from `least` to `most`, from the first case of a property on.
std::int64_t between(std::int64_t least, std::int64_t most) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(least, most + 1));
}

bool coin() { return *rc::gen::arbitrary<bool>(); }

LayerShape arbitrary_shape(bool causal) {
  LayerShape shape;
  shape.kv_heads = between(1, 2);
  shape.heads = shape.kv_heads * between(1, 2);
  shape.n_k = between(0, 5) == 0 ? between(64, 200) : between(1, 24);
  shape.n_q = between(1, causal ? std::min<std::int64_t>(24, shape.n_k) : 24);
  shape.d = between(1, 12);
  return shape;
}

HdpSettings arbitrary_settings() {
  HdpSettings s;
  s.word_bits = between(4, kMaxWordBits);
  s.fraction_bits = between(0, std::min<std::int64_t>(12, s.word_bits - 1));
  s.split = static_cast<SplitMode>(between(0, 2));
  s.block_size = between(1, 5);
  s.rho = static_cast<double>(between(-999, 999)) / 1000;
  s.rule = static_cast<PruneRule>(coin());
  s.keep = coin() ? static_cast<double>(between(1, 10)) / 10
                  : static_cast<double>(between(1, 1000)) / 1000;
  s.approximation = coin();
  s.masked = static_cast<Masked>(coin());
  s.importance = static_cast<Importance>(coin());
  return s;
}

/// Largest code of a tensor: often the word is full, often most of it is not used.
double arbitrary_range(std::int64_t word_bits) {
  const std::int64_t bits = coin() ? word_bits : between(1, word_bits);
  return std::ldexp(0.6, static_cast<int>(bits));
}

/// Values whose codes reach up to `range`; ties, exact codes and anything between.
std::vector<double> arbitrary_values(RandomStream& random, std::int64_t count, double range,
                                     double unit) {
  std::vector<double> values(static_cast<std::size_t>(count));
  const bool exact = random.below(2) == 0;
  for (double& x : values) {
    const double code = (2 * random.uniform() - 1) * range;
    x = (exact ? std::nearbyint(2 * code) / 2 : code) * unit;
  }
  return values;
}

/// About the mean |S_int| of an entry, so that heads fall on both sides.
double arbitrary_tau(RandomStream& random, const HdpCase& c) {
  switch (random.below(4)) {
    case 0:
      return -1;
    case 1:
      return 0;
    default:
      break;
  }
  NaiveInput all = c.naive(0, {0, c.shape.n_q, c.shape.n_k, false});
  const NaiveResult mean = naive_hdp(all, c.settings);
  return static_cast<double>(mean.theta_head) / static_cast<double>(mean.entries) *
         (random.below(3) == 0 ? 1.0 : 2 * random.uniform());
}

Rows<double> head_rows(const std::vector<double>& values, std::int64_t first, std::int64_t count,
                       std::int64_t d) {
  Rows<double> rows;
  for (std::int64_t i = first; i < first + count; ++i)
    rows.emplace_back(values.begin() + i * d, values.begin() + (i + 1) * d);
  return rows;
}

}  // namespace

Trace HdpCase::trace() const {
  TraceFile file;
  file.metadata = {{"stage", stage == Stage::Decode ? "decode" : "prefill"},
                   {"causal", causal ? "true" : "false"}};
  if (stage == Stage::Decode) {
    file.metadata["n_ctx"] = std::to_string(shape.n_k - shape.n_q);
    file.metadata["steps"] = std::to_string(shape.n_q);
  }
  const auto add = [&](TensorKind kind, std::int64_t heads, std::int64_t rows) {
    file.add(tensor_name(0, kind), {heads, rows, shape.d}, ElementType::F64,
             bytes_of(values[static_cast<std::size_t>(kind)]));
  };
  add(TensorKind::Q, shape.heads, shape.n_q);
  add(TensorKind::K, shape.kv_heads, shape.n_k);
  add(TensorKind::V, shape.kv_heads, shape.n_k);
  return file.trace();
}

NaiveInput HdpCase::naive(std::int64_t head, const Problem& problem) const {
  const std::int64_t kv_head = head / (shape.heads / shape.kv_heads);
  const auto& [q, k, v] = values;
  return {head_rows(q, head * shape.n_q + problem.first_query, problem.queries, shape.d),
          head_rows(k, kv_head * shape.n_k, problem.keys, shape.d),
          head_rows(v, kv_head * shape.n_k, problem.keys, shape.d), problem.causal};
}

std::string HdpCase::describe() const {
  return fmt::format(
      "{}{} heads {}/{} n {}x{} d {} | w {} f {} split {} b {} rule {} rho {} keep {} tau {} "
      "approximation {} "
      "masked {} importance {}",
      causal ? "causal " : "", stage == Stage::Decode ? "decode" : "prefill", shape.heads,
      shape.kv_heads, shape.n_q, shape.n_k, shape.d, settings.word_bits,
      settings.fraction_bits.value_or(-1), static_cast<int>(settings.split), settings.block_size,
      name_of(settings.rule), settings.rho, settings.keep, settings.tau, settings.approximation,
      static_cast<int>(settings.masked), static_cast<int>(settings.importance));
}

HdpCase arbitrary_hdp_case() {
  HdpCase c;
  const std::int64_t stage = between(0, 2);
  c.stage = stage == 2 ? Stage::Decode : Stage::Prefill;
  c.causal = stage != 0;
  c.settings = arbitrary_settings();
  c.shape = arbitrary_shape(c.causal);
  RandomStream random(*rc::gen::arbitrary<std::uint64_t>(), "values");
  const FixedPoint format{c.settings.word_bits, *c.settings.fraction_bits};
  const double q_range = arbitrary_range(c.settings.word_bits);
  const double k_range = arbitrary_range(c.settings.word_bits);
  c.values = {
      arbitrary_values(random, c.shape.heads * c.shape.n_q * c.shape.d, q_range, format.unit()),
      arbitrary_values(random, c.shape.kv_heads * c.shape.n_k * c.shape.d, k_range, format.unit()),
      arbitrary_values(random, c.shape.kv_heads * c.shape.n_k * c.shape.d, 1.1 * format.limit(),
                       format.unit())};
  c.settings.tau = arbitrary_tau(random, c);
  return c;
}

PlannedHead::PlannedHead(const HdpCase& c, std::int64_t query_head, const HdpSettings& settings)
    : scorer(settings) {
  const Trace trace = c.trace();
  head.load(trace, 0, query_head, hdp_formats(trace, settings), settings, true);
  HdpPlanner planner(settings);
  planner.load(head.q.integer.view(), head.k.integer.view());
  for (const Problem& problem : problems(trace, 0))
    planner.plan(problem, plans.emplace_back(), &details.emplace_back());
  scorer.load(head);
}

ScoreRow PlannedHead::scores(const HdpPlan& plan, std::int64_t i) {
  ScoreRow row;
  scorer.scores(plan, i, row);
  return row;
}

std::vector<double> PlannedHead::output(const HdpPlan& plan, std::int64_t i) {
  std::vector<double> out(static_cast<std::size_t>(head.d), -7.0);
  scorer.output(plan, i, scores(plan, i), out);
  return out;
}

}  // namespace hdp::test
