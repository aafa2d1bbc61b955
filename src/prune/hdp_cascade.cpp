// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "prune/cascade_head.hpp"
#include "prune/same_layers.hpp"
#include <hdp/base/parallel.hpp>
#include <hdp/prune/hdp_cascade.hpp>
#include <hdp/prune/problem.hpp>
#include <hdp/prune/token_cascade.hpp>

namespace hdp {
namespace {

/// Goes through all problems and layers; holds what they have loaded.
class Cascade {
 public:
  Cascade(const Trace& trace, const HdpSettings& settings, const HdpFormats& formats,
          const HdpCascadeSchedules& schedules, unsigned threads)
      : trace_(trace),
        settings_(settings),
        formats_(formats),
        schedules_(schedules),
        threads_(threads),
        decode_(trace.stage() == Stage::Decode),
        problems_(problems(trace, 0)),
        tokens_(schedules.token, trace.layers(), trace.shape(0).n_k,
                decode_ ? trace.n_ctx() : trace.shape(0).n_k),
        layers_(static_cast<std::size_t>(trace.layers())),
        heads_(layers_.size()) {
    for (auto& of_layer : heads_) of_layer.resize(static_cast<std::size_t>(trace.shape(0).heads));
  }

  std::vector<HdpCascadeLayer> run() {
    const std::int64_t heads = trace_.shape(0).heads;
    for (const Problem& problem : problems_) {
      if (decode_) tokens_.join(static_cast<std::int32_t>(problem.keys - 1));
      head_importance_.assign(static_cast<std::size_t>(heads), 0);
      live_heads_.resize(head_importance_.size());
      std::iota(live_heads_.begin(), live_heads_.end(), 0);
      for (std::int64_t layer = 0; layer < trace_.layers(); ++layer) play(layer, problem);
    }
    return std::move(layers_);
  }

 private:
  CascadeHead& loaded(std::int64_t layer, std::int64_t head) {
    auto& slot = heads_[static_cast<std::size_t>(layer)][static_cast<std::size_t>(head)];
    if (!slot) slot = std::make_unique<CascadeHead>(trace_, layer, head, formats_, settings_);
    return *slot;
  }

  /// Tokens that ask a query: generating, only the newest.
  [[nodiscard]] std::vector<std::int32_t> queries(const Problem& problem,
                                                  std::vector<std::int32_t> live) const {
    const auto first = static_cast<std::int32_t>(problem.keys - problem.queries);
    std::erase_if(live, [=](std::int32_t token) { return token < first; });
    for (std::int32_t& token : live) token -= first;
    return live;
  }

  void play(std::int64_t number, const Problem& problem) {
    HdpCascadeLayer& layer = layers_[static_cast<std::size_t>(number)];
    HdpCascadeProblem& result = layer.problems.emplace_back();
    result.tokens = tokens_.live(number);
    result.heads = live_heads_;
    result.plans.resize(live_heads_.size());
    const std::vector<std::int32_t> rows = queries(problem, result.tokens);
    std::vector<CascadeShare> shares(head_importance_.size());
    parallel_for(shares.size(), decode_ ? 1 : threads_, [&](std::size_t h) {
      const auto place = std::ranges::find(live_heads_, static_cast<std::int32_t>(h));
      HdpPlan* const plan =
          place == live_heads_.end()
              ? nullptr
              : &result.plans[static_cast<std::size_t>(place - live_heads_.begin())];
      shares[h] =
          loaded(number, static_cast<std::int64_t>(h)).play(problem, rows, result.tokens, plan);
      if (!decode_) heads_[static_cast<std::size_t>(number)][h].reset();
    });
    take(layer, problem, rows, shares);
    rank(number, layer.problems.back());
  }

  void take(HdpCascadeLayer& layer, const Problem& problem, const std::vector<std::int32_t>& rows,
            const std::vector<CascadeShare>& shares) {
    const HdpCascadeProblem& result = layer.problems.back();
    layer.rows += std::ssize(rows);
    layer.dense_entries += problem.entries() * std::ssize(shares);
    for (std::size_t h = 0; h < shares.size(); ++h) {
      const CascadeShare& share = shares[h];
      layer.error.add(share.error);
      layer.mass += share.mass;
      layer.counts.add(share.counts);
      if (share.importance.empty()) continue;
      layer.live_entries += share.entries;
      tokens_.add(share.importance);
      head_importance_[h] += share.out_abs_sum;
    }
    for (const HdpPlan& plan : result.plans) layer.counts.add(plan);
  }

  void rank(std::int64_t number, HdpCascadeProblem& result) {
    for (const std::int32_t token : result.tokens)
      result.token_importance.push_back(tokens_.importance()[static_cast<std::size_t>(token)]);
    for (const std::int32_t head : result.heads)
      result.head_importance.push_back(head_importance_[static_cast<std::size_t>(head)]);
    result.tokens_kept = std::ssize(tokens_.rank_after(number).kept);
    live_heads_ =
        hdp::rank(head_importance_, live_heads_,
                  schedules_.head.count_after(number, trace_.layers(), std::ssize(head_importance_),
                                              std::ssize(live_heads_)))
            .kept;
    result.heads_kept = std::ssize(live_heads_);
  }

  const Trace& trace_;
  const HdpSettings& settings_;
  const HdpFormats& formats_;
  const HdpCascadeSchedules& schedules_;
  unsigned threads_;
  bool decode_;
  std::vector<Problem> problems_;
  TokenCascade tokens_;
  std::vector<HdpCascadeLayer> layers_;
  std::vector<std::vector<std::unique_ptr<CascadeHead>>> heads_;
  std::vector<std::int32_t> live_heads_;
  std::vector<std::int64_t> head_importance_;
};

}  // namespace

std::vector<HdpCascadeLayer> plan_cascade(const Trace& trace, const HdpSettings& settings,
                                          const HdpFormats& formats,
                                          const HdpCascadeSchedules& schedules, unsigned threads) {
  need_same_layers(trace);
  return Cascade(trace, settings, formats, schedules, threads).run();
}

}  // namespace hdp
