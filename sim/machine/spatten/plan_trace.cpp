// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "machine/spatten/buffer_room.hpp"
#include "machine/spatten/ranking.hpp"
#include "machine/spatten/totals.hpp"
#include <hdp/base/shared_cache.hpp>
#include <hdp/config/write.hpp>
#include <hdp/machine/head_map.hpp>
#include <hdp/machine/spatten/run.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {
namespace {

SpattenSettings settings_of(const SpattenPruning& prune, std::int64_t layers) {
  SpattenSettings settings;
  settings.q_bits = prune.query_bits;
  settings.k_bits = prune.key_bits;
  settings.v_bits = prune.value_bits;
  settings.token = schedule_of(prune.token, layers, "/prune/token");
  settings.head = schedule_of(prune.head, layers, "/prune/head");
  settings.value_keep = prune.value_keep;
  if (prune.progressive)
    settings.progressive = {prune.msb_bits, prune.lsb_bits, prune.requantise_threshold};
  return settings;
}

/// Takes decisions down as passes, layer by layer.
class Planner final : public SpattenObserver {
 public:
  Planner(const SpattenConfig& config, const Trace& trace, std::int64_t sequence, HeadMaps* maps)
      : config_(config),
        trace_(trace),
        sequence_(sequence),
        maps_(maps),
        prune_(config.prune.in(trace.stage())),
        ranking_(config, "cascade") {
    for (std::int64_t head = 0; head < trace.shape(0).heads; ++head)
      heads_.emplace_back(config, head);
  }

  void on_query(const Query& query) override {
    Head& head = heads_[static_cast<std::size_t>(query.head)];
    SpattenQueryWork work{.keys = std::ssize(query.keys),
                          .values = std::ssize(query.values),
                          .top_k_cycles = 0,
                          .second_pass = query.fetched_lsb};
    if (work.values < work.keys) work.top_k_cycles = head.ranking.on(query.codes, work.values);
    if (head.queries.empty()) head.first_query = query.query;
    head.queries.push_back(std::move(work));
    head.values.assign(query.values.begin(), query.values.end());
    if (HeadMap* const map = find_map(maps_, sequence_, query.layer, query.head))
      for (const std::int32_t key : query.values) map->keep(query.query, key);
  }

  void on_layer(const Layer& layer) override {
    const auto tokens =
        std::make_shared<const std::vector<std::int32_t>>(layer.tokens.begin(), layer.tokens.end());
    std::vector<SpattenPass> slices = slices_of(layer, tokens, slice_heads());
    if (config_.slice_heads == 1 && most_slice_heads() > 1) {
      const auto bytes = [](std::span<const SpattenPass> of) {
        return sum_of(spatten::bytes_of(of));
      };
      unshared_bytes += bytes(slices) - bytes(slices_of(layer, tokens, most_slice_heads()));
    }
    for (Head& head : heads_) head.queries.clear();
    std::ranges::move(slices, std::back_inserter(passes));
    passes.back().ends_layer = true;
    const auto count = [](const auto& list) { return std::ssize(list); };
    if (layer.tokens_kept < count(layer.tokens))
      passes.back().token_ranking_cycles =
          rank(layer.tokens, layer.token_importance, layer.tokens_kept);
    if (layer.heads_kept < count(layer.heads))
      passes.back().head_ranking_cycles =
          rank(layer.heads, layer.head_importance, layer.heads_kept);
  }

  [[nodiscard]] std::int64_t slice_heads() const {
    return config_.slice_heads == 0 ? most_slice_heads()
                                    : std::min(config_.slice_heads, most_slice_heads());
  }

  std::vector<SpattenPass> passes;
  std::int64_t unshared_bytes = 0;

 private:
  /// What one head did in this layer. Each has random streams of its own, as heads run at once.
  struct Head {
    Head(const SpattenConfig& config, std::int64_t number)
        : ranking(with_seed(config, number), "head") {}
    static SpattenConfig with_seed(SpattenConfig config, std::int64_t number) {
      config.top_k.seed =
          static_cast<std::int64_t>(static_cast<std::uint64_t>(config.top_k.seed) * 4096 +
                                    static_cast<std::uint64_t>(number) + 1);
      return config;
    }
    spatten::Ranking ranking;
    std::int64_t first_query = 0;
    std::vector<SpattenQueryWork> queries;
    std::vector<std::int32_t> values;  ///< Of the last query.
  };
  using Tokens = std::shared_ptr<const std::vector<std::int32_t>>;

  std::int64_t rank(std::span<const std::int32_t> live, std::span<const std::int64_t> importance,
                    std::int64_t k) {
    std::vector<std::int64_t> values;
    for (const std::int32_t i : live) values.push_back(importance[static_cast<std::size_t>(i)]);
    return ranking_.on(values, k);
  }

  /// Heads that share K and V. Generating, their rows wait together for V, so that there must be
  /// room for them all between the arrays.
  [[nodiscard]] std::int64_t most_slice_heads() const {
    const LayerShape& shape = trace_.shape(0);
    const std::int64_t group = shape.heads / shape.kv_heads;
    return shape.n_q == 1 || trace_.stage() == Stage::Decode ? std::min(group, config_.score_rows)
                                                             : group;
  }

  /// The heads that are left, in slices of at most so many.
  [[nodiscard]] std::vector<SpattenPass> slices_of(const Layer& layer, const Tokens& tokens,
                                                   std::int64_t most) const {
    std::vector<SpattenPass> slices;
    for (std::size_t h = 0; h < heads_.size(); ++h) {
      if (heads_[h].queries.empty()) continue;
      const auto head = static_cast<std::int64_t>(h);
      const std::int64_t stored = trace_.kv_head(layer.layer, head);
      const bool first = slices.empty() || slices.back().stored_head != stored;
      if (first || std::ssize(slices.back().heads) == most) {
        slices.push_back(empty_slice(layer, tokens, stored));
        slices.back().appends = first && trace_.stage() == Stage::Decode;
      }
      SpattenPass& slice = slices.back();
      slice.heads.push_back(head);
      slice.first_query = heads_[h].first_query;
      slice.queries.insert(slice.queries.end(), heads_[h].queries.begin(), heads_[h].queries.end());
    }
    for (SpattenPass& slice : slices) choose_values(slice);
    return slices;
  }

  [[nodiscard]] SpattenPass empty_slice(const Layer& layer, const Tokens& tokens,
                                        std::int64_t stored) const {
    SpattenPass pass;
    pass.sequence = sequence_;
    pass.step = layer.problem;
    pass.layer = layer.layer;
    pass.heads.clear();
    pass.stored_head = stored;
    pass.d = trace_.shape(layer.layer).d;
    pass.query_bits = prune_.query_bits;
    pass.key_bits = prune_.progressive ? prune_.msb_bits : prune_.key_bits;
    pass.lsb_bits = prune_.lsb_bits;
    pass.two_parts = prune_.progressive;
    pass.value_bits = prune_.value_bits;
    pass.keys = tokens;
    return pass;
  }

  /// The union of what single queries use, and where in it the tiles of each end.
  void choose_values(SpattenPass& slice) const {
    if (!slice.single()) {
      slice.values = *slice.keys;
      return;
    }
    const auto values_of = [&](std::size_t h) -> const std::vector<std::int32_t>& {
      return heads_[static_cast<std::size_t>(slice.heads[h])].values;
    };
    slice.values = values_of(0);
    if (slice.heads.size() == 1) return;
    for (std::size_t h = 1; h < slice.heads.size(); ++h) {
      std::vector<std::int32_t> both;
      std::ranges::set_union(slice.values, values_of(h), std::back_inserter(both));
      slice.values = std::move(both);
    }
    for (std::size_t h = 0; h < slice.heads.size(); ++h) {
      const std::vector<std::int32_t>& own = values_of(h);
      for (std::size_t end = 0; end < own.size();) {
        end = std::min(own.size(), end + static_cast<std::size_t>(config_.tile_keys));
        const auto behind = std::ranges::upper_bound(slice.values, own[end - 1]);
        slice.queries[h].value_ends.push_back(
            static_cast<std::int32_t>(behind - slice.values.begin()));
      }
    }
  }

  const SpattenConfig& config_;
  const Trace& trace_;
  const std::int64_t sequence_;
  HeadMaps* const maps_;
  SpattenPruning prune_;
  spatten::Ranking ranking_;
  std::vector<Head> heads_;
};

/// Step by step, layer by layer, the sequences in order; the last slice of all ends a layer.
void interleave(std::vector<SpattenPass>& passes) {
  const auto place = [](const SpattenPass& pass) { return std::pair{pass.step, pass.layer}; };
  std::ranges::stable_sort(passes, {}, place);
  for (std::size_t p = 0; p < passes.size(); ++p)
    passes[p].ends_layer = p + 1 == passes.size() || place(passes[p]) != place(passes[p + 1]);
}

/// All that planning may see of a machine; the rest is as by default, so that machines which differ
/// in it share what is planned.
SpattenConfig seen_by_planning(const SpattenConfig& config) {
  SpattenConfig seen;
  seen.seed = config.seed;
  seen.tile_keys = config.tile_keys;
  seen.slice_heads = config.slice_heads;
  seen.score_rows = config.score_rows;
  seen.top_k_read_width = config.top_k_read_width;
  seen.top_k = config.top_k;
  seen.prune = config.prune;
  return seen;
}

SpattenPlan plan(const SpattenConfig& seen, std::span<const Trace> sequences, unsigned threads,
                 HeadMaps* maps) {
  SpattenPlan plan;
  for (const Trace& trace : sequences) {
    Planner planner(seen, trace, std::ssize(plan.decisions), maps);
    plan.decisions.push_back(
        decide_spatten(trace, settings_of(seen.prune.in(trace.stage()), trace.layers()),
                       std::nullopt, threads, &planner));
    std::ranges::move(planner.passes, std::back_inserter(plan.passes));
    const LayerShape& shape = trace.shape(0);
    if (shape.heads > shape.kv_heads) plan.slice_heads = planner.slice_heads();
    plan.unshared_bytes += planner.unshared_bytes;
  }
  if (sequences.size() > 1) interleave(plan.passes);
  return plan;
}

void check(const SpattenConfig& config, std::span<const Trace> sequences) {
  validate(config);
  for (const Trace& trace : sequences) spatten::check_room(config, trace);
}

/// Lists of keys are shared by the passes of a layer.
std::size_t bytes_of(const SpattenPlan& plan) {
  std::size_t bytes = 0;
  for (const SpattenPass& pass : plan.passes) {
    bytes += sizeof pass + pass.queries.size() * sizeof(SpattenQueryWork) +
             (pass.keys->size() + pass.values.size()) * sizeof(std::int32_t);
    for (const SpattenQueryWork& query : pass.queries)
      bytes += query.value_ends.size() * sizeof(std::int32_t);
  }
  for (const SpattenDecisions& decisions : plan.decisions)
    for (const SpattenLayerDecisions& layer : decisions.layers)
      bytes += sizeof layer + layer.heads.size() * sizeof(SpattenHeadDecisions);
  return bytes;
}

}  // namespace

SpattenPlan plan_spatten(const SpattenConfig& config, std::span<const Trace> sequences,
                         unsigned threads) {
  check(config, sequences);
  return plan(seen_by_planning(config), sequences, threads, nullptr);
}

std::shared_ptr<const SpattenPlan> plan_spatten(const SpattenConfig& config,
                                                std::span<const Trace> sequences,
                                                const PlayOptions& options) {
  check(config, sequences);
  const SpattenConfig seen = seen_by_planning(config);
  const auto make = [&] { return plan(seen, sequences, options.threads, options.maps); };
  if (options.shared == nullptr || options.maps != nullptr)
    return std::make_shared<const SpattenPlan>(make());
  std::string key = "spatten plan\n" + write_settings(seen);
  for (const Trace& trace : sequences) key += trace.sha256();
  return options.shared->get(key, make, [](const SpattenPlan& made) { return bytes_of(made); });
}

}  // namespace hdp
