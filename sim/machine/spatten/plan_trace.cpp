// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <numeric>
#include <utility>

#include "machine/spatten/buffer_room.hpp"
#include "machine/spatten/ranking.hpp"
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
  Planner(const SpattenConfig& config, const Trace& trace)
      : trace_(trace), prune_(config.prune.in(trace.stage())), ranking_(config, "cascade") {
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
    head.queries.push_back(work);
    head.values.assign(query.values.begin(), query.values.end());
  }

  void on_layer(const Layer& layer) override {
    const auto tokens =
        std::make_shared<const std::vector<std::int32_t>>(layer.tokens.begin(), layer.tokens.end());
    for (Head& head : heads_)
      if (!head.queries.empty()) passes.push_back(pass_of(layer, tokens, head));
    passes.back().ends_layer = true;
    const auto count = [](const auto& list) { return std::ssize(list); };
    if (layer.tokens_kept < count(layer.tokens))
      passes.back().token_ranking_cycles =
          rank(layer.tokens, layer.token_importance, layer.tokens_kept);
    if (layer.heads_kept < count(layer.heads))
      passes.back().head_ranking_cycles =
          rank(layer.heads, layer.head_importance, layer.heads_kept);
  }

  std::vector<SpattenPass> passes;

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

  std::int64_t rank(std::span<const std::int32_t> live, std::span<const std::int64_t> importance,
                    std::int64_t k) {
    std::vector<std::int64_t> values;
    for (const std::int32_t i : live) values.push_back(importance[static_cast<std::size_t>(i)]);
    return ranking_.on(values, k);
  }

  SpattenPass pass_of(const Layer& layer, std::shared_ptr<const std::vector<std::int32_t>> tokens,
                      Head& head) {
    SpattenPass pass;
    pass.step = layer.problem;
    pass.layer = layer.layer;
    pass.head = &head - heads_.data();
    pass.stored_head = trace_.kv_head(layer.layer, pass.head);
    pass.d = trace_.shape(layer.layer).d;
    pass.query_bits = prune_.query_bits;
    pass.key_bits = prune_.progressive ? prune_.msb_bits : prune_.key_bits;
    pass.lsb_bits = prune_.lsb_bits;
    pass.value_bits = prune_.value_bits;
    pass.values = *tokens;
    if (head.queries.size() == 1) pass.values = std::move(head.values);
    pass.keys = std::move(tokens);
    pass.first_query = head.first_query;
    pass.queries = std::move(head.queries);
    head.queries = {};
    return pass;
  }

  const Trace& trace_;
  SpattenPruning prune_;
  spatten::Ranking ranking_;
  std::vector<Head> heads_;
};

}  // namespace

SpattenPlan plan_spatten(const SpattenConfig& config, const Trace& trace, unsigned threads) {
  validate(config);
  spatten::check_room(config, trace);
  Planner planner(config, trace);
  SpattenPlan plan;
  plan.decisions =
      decide_spatten(trace, settings_of(config.prune.in(trace.stage()), trace.layers()),
                     std::nullopt, threads, &planner);
  plan.passes = std::move(planner.passes);
  return plan;
}

}  // namespace hdp
