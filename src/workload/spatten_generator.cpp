// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "workload/spatten_plan.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/random.hpp>

namespace hdp {
namespace {

using detail::SpattenPlan;

/// Fills in the rows of a plan, one layer of one iteration after the other.
class Generator {
 public:
  explicit Generator(const SpattenPlan& plan)
      : plan_(plan), prefill_(plan.config.format == SpattenFormat::Prefill) {}

  std::vector<SpattenRow> make() {
    for (std::int64_t i = 0; i < plan_.iterations; ++i)
      for (std::int64_t l = 0; l < layers(); ++l) append_layer(i, l);
    mark_accumulation();
    return std::move(rows_);
  }

 private:
  [[nodiscard]] std::int64_t layers() const { return std::ssize(plan_.layers); }
  [[nodiscard]] const detail::SpattenLayerPlan& layer(std::int64_t l) const {
    return plan_.layers[static_cast<std::size_t>(l)];
  }
  /// Tokens that an iteration has seen, its own among them.
  [[nodiscard]] std::int64_t seen(std::int64_t iteration) const {
    return prefill_ ? plan_.config.prompt : plan_.config.prompt + iteration + 1;
  }
  /// Tokens that the schedule leaves; the first generated token finds nothing pruned yet.
  [[nodiscard]] std::int64_t kept(std::int64_t iteration, std::int64_t l) const {
    return !prefill_ && iteration == 0 ? plan_.all_tokens : layer(l).kept;
  }
  [[nodiscard]] std::int64_t keys(std::int64_t iteration, std::int64_t l) const {
    return std::min(seen(iteration), kept(iteration, l));
  }

  /// How many tokens must be chosen behind this layer, if any: the next layer has fewer, or the
  /// next iteration begins anew with less than all.
  [[nodiscard]] std::optional<std::int64_t> ranked(std::int64_t iteration, std::int64_t l) const {
    if (l + 1 < layers()) {
      const std::int64_t next = keys(iteration, l + 1);
      return next < keys(iteration, l) ? std::optional(next) : std::nullopt;
    }
    if (iteration + 1 == plan_.iterations) return std::nullopt;
    const std::int64_t next = keys(iteration + 1, 0);
    return next < seen(iteration + 1) ? std::optional(next) : std::nullopt;
  }

  [[nodiscard]] bool rescales(std::int64_t iteration, std::int64_t l) const {
    const auto& from = plan_.config.rescale_from;
    return from && iteration >= *from && iteration + 1 < plan_.iterations && l + 1 == layers();
  }

  void append_layer(std::int64_t iteration, std::int64_t l) {
    const auto& config = plan_.config;
    const std::int64_t key_fetch = keys(iteration, l);
    const std::int64_t values = detail::part_of(kept(iteration, l), layer(l).value_keep);
    const bool quantises = config.requantise_threshold > 0;
    SpattenRow row{
        .iteration = iteration,
        .layer = l,
        .head_size = plan_.head_size,
        .sentence_length = prefill_ && config.pruned_queries ? key_fetch : seen(iteration),
        .key_fetch = key_fetch,
        .value_fetch = std::clamp<std::int64_t>(values, 1, key_fetch),
        .key_bits = config.key_bits.value_or(-1),
        .value_bits = config.value_bits.value_or(-1),
        .query_bits = config.query_bits.value_or(-1),
        .requantise_threshold = quantises ? config.requantise_threshold : -1,
        .requantise_bits = quantises ? config.requantise_bits : -1};
    for (; row.head < layer(l).heads; ++row.head) {
      draw_requantisation(row);
      rows_.push_back(row);
    }
    if (const auto tokens = ranked(iteration, l)) {
      rows_.back().top_k = true;
      rows_.back().top_k_kept = *tokens;
    }
    rows_.back().rescales_importance = rescales(iteration, l);
  }

  /// A row of a prefill stands for all queries of its head, and each draws for itself.
  void draw_requantisation(SpattenRow& row) const {
    const detail::Share share = layer(row.layer).requantise_share;
    if (share == 0) return;
    RandomStream random(
        static_cast<std::uint64_t>(plan_.config.seed),
        fmt::format("spatten.requantise.{}.{}.{}", row.iteration, row.layer, row.head));
    std::int64_t queries = 0;
    for (std::int64_t left = prefill_ ? row.sentence_length : 1; left > 0; --left)
      queries += static_cast<std::int64_t>(random.below(detail::kWhole)) < share ? 1 : 0;
    row.requantise = queries > 0;
    row.requantise_rows = prefill_ ? queries : 0;
  }

  /// Importance is summed for as long as somebody asks for it later.
  void mark_accumulation() {
    const auto used = [](const SpattenRow& row) { return row.top_k || row.rescales_importance; };
    const auto last = std::find_if(rows_.rbegin(), rows_.rend(), used).base();
    for (auto row = rows_.begin(); row != last; ++row) row->accumulates_importance = true;
  }

  const SpattenPlan& plan_;
  bool prefill_;
  std::vector<SpattenRow> rows_;
};

}  // namespace

SpattenWorkload make_spatten_workload(const SpattenGeneratorConfig& config) {
  const SpattenPlan plan = detail::plan_of(config);
  SpattenWorkload workload{
      .name = fmt::format("spatten_{}_{}_{}", name_of(config.format), config.model, config.prompt),
      .sha256 = {},
      .format = config.format,
      .rows = Generator(plan).make(),
      .trailer = config.trailer};
  workload.sha256 = sha256_hex(write_spatten_workload(workload));
  return workload;
}

}  // namespace hdp
