// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "prune/same_layers.hpp"
#include "prune/spatten_head.hpp"
#include "prune/spatten_record.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/parallel.hpp>
#include <hdp/prune/problem.hpp>
#include <hdp/prune/spatten_decisions.hpp>
#include <hdp/prune/token_cascade.hpp>

namespace hdp {
namespace {

void check_layers(const Trace& trace, const SpattenSettings& settings) {
  need_same_layers(trace);
  for (const auto& [name, schedule] :
       {std::pair{"token", &settings.token}, std::pair{"head", &settings.head}})
    if (schedule->kind == KeepSchedule::Kind::Step && std::ssize(schedule->steps) != trace.layers())
      throw UserError({.path = fmt::format("/settings/{}/keep", name),
                       .problem = fmt::format("{} shares", schedule->steps.size()),
                       .allowed = fmt::format("one a layer, {}", trace.layers())});
}

/// The cascade over all layers and problems of a trace.
class LayerCascade {
 public:
  LayerCascade(const Trace& trace, const SpattenSettings& settings, bool causal, unsigned threads,
               SpattenObserver* observer)
      : trace_(trace),
        settings_(settings),
        threads_(threads),
        observer_(observer),
        decode_(trace.stage() == Stage::Decode),
        problems_(problems(trace, 0, causal)),
        tokens_(settings.token, trace.layers(), trace.shape(0).n_k,
                decode_ ? trace.n_ctx() : trace.shape(0).n_k) {
    const std::int64_t heads = trace.shape(0).heads;
    for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
      records_.emplace_back(trace, layer, std::ssize(problems_));
      heads_.emplace_back(static_cast<std::size_t>(heads));
    }
    if (decode_) load_all();
  }

  SpattenDecisions run() {
    for (const auto& problem : problems_) {
      if (decode_) tokens_.join(static_cast<std::int32_t>(problem.keys - 1));
      head_importance_.assign(static_cast<std::size_t>(trace_.shape(0).heads), 0);
      live_heads_.resize(head_importance_.size());
      std::iota(live_heads_.begin(), live_heads_.end(), 0);
      for (std::int64_t layer = 0; layer < trace_.layers(); ++layer) play(layer, problem);
      ++problem_;
    }
    heads_.clear();  // what follows reads the trace again, head by head
    SpattenDecisions decisions;
    for (std::int64_t layer = 0; layer < trace_.layers(); ++layer) {
      SpattenLayerRecord& record = records_[static_cast<std::size_t>(layer)];
      decisions.layers.push_back(record.finish(trace_, problems_, threads_));
      decisions.total.add(decisions.layers.back().counts);
    }
    return decisions;
  }

 private:
  /// Every step goes through all layers: they all stay loaded, K and V once for all their heads.
  void load_all() {
    const LayerShape& shape = trace_.shape(0);
    const std::int64_t group = shape.heads / shape.kv_heads;
    parallel_for(
        static_cast<std::size_t>(trace_.layers() * shape.kv_heads), threads_, [&](std::size_t t) {
          const auto layer = static_cast<std::int64_t>(t) / shape.kv_heads;
          const auto kv_head = static_cast<std::int64_t>(t) % shape.kv_heads;
          const auto stored = std::make_shared<SpattenStored>(trace_, layer, kv_head, settings_);
          for (std::int64_t h = kv_head * group; h < (kv_head + 1) * group; ++h)
            load(layer, h, stored);
        });
  }

  void load(std::int64_t layer, std::int64_t head, std::shared_ptr<SpattenStored> stored) {
    auto& slot = heads_[static_cast<std::size_t>(layer)][static_cast<std::size_t>(head)];
    slot = std::make_unique<SpattenHead>(trace_, layer, head, settings_, std::move(stored));
    records_[static_cast<std::size_t>(layer)].head(head).count_saturated(*slot);
  }

  void play(std::int64_t layer, const Problem& problem) {
    SpattenLayerRecord& record = records_[static_cast<std::size_t>(layer)];
    const std::vector<std::int32_t> live = tokens_.live(layer);
    const std::size_t heads = head_importance_.size();
    std::vector<bool> head_lives(heads, false);
    for (const std::int32_t head : live_heads_) head_lives[static_cast<std::size_t>(head)] = true;
    const std::int64_t n_k = trace_.shape(layer).n_k;
    std::vector<std::vector<std::int64_t>> importance(heads);
    const unsigned threads = decode_ ? 1 : threads_;
    parallel_for(heads, threads, [&](std::size_t h) {
      const auto head = static_cast<std::int64_t>(h);
      if (!decode_)
        load(
            layer, head,
            std::make_shared<SpattenStored>(trace_, layer, trace_.kv_head(layer, head), settings_));
      auto& slot = heads_[static_cast<std::size_t>(layer)][h];
      importance[h].assign(static_cast<std::size_t>(n_k), 0);
      record.head(head).begin_problem(head_lives[h]);
      play_head(layer, head, problem, live, head_lives[h], importance[h]);
      if (!decode_) slot.reset();
    });
    for (const auto& of_head : importance) tokens_.add(of_head);
    for (const std::int32_t head : live_heads_)
      head_importance_[static_cast<std::size_t>(head)] += record.head(head).problem_out_abs_sum();
    const Ranking kept = tokens_.rank_after(layer);
    const Ranking heads_kept =
        rank(head_importance_, live_heads_,
             settings_.head.count_after(layer, trace_.layers(), std::ssize(head_importance_),
                                        std::ssize(live_heads_)));
    record.add_ranking(live, kept, tokens_.importance(), heads_kept, head_importance_);
    if (observer_ != nullptr)
      observer_->on_layer({layer, problem_, live, live_heads_, tokens_.importance(),
                           head_importance_, std::ssize(kept.kept), std::ssize(heads_kept.kept)});
    live_heads_ = heads_kept.kept;
  }

  /// All queries of a problem, those of tokens that are not live left out.
  void play_head(std::int64_t layer, std::int64_t head, const Problem& problem,
                 const std::vector<std::int32_t>& live, bool head_lives,
                 std::vector<std::int64_t>& importance) {
    SpattenHeadRecord& record = records_[static_cast<std::size_t>(layer)].head(head);
    SpattenHead& of_head = *heads_[static_cast<std::size_t>(layer)][static_cast<std::size_t>(head)];
    SpattenQuery row;
    for (std::int64_t i = 0; i < problem.queries; ++i) {
      const std::int64_t token = i + problem.keys - problem.queries;
      const auto visible_end =
          std::ranges::lower_bound(live, static_cast<std::int32_t>(problem.visible(i)));
      const std::span<const std::int32_t> keys(live.begin(), visible_end);
      const bool lives = head_lives && !keys.empty() &&
                         std::ranges::binary_search(live, static_cast<std::int32_t>(token));
      if (!lives) {
        record.skip_row();
        continue;
      }
      of_head.row(problem.first_query + i, keys, row);
      if (observer_ != nullptr)
        observer_->on_query({layer, problem_, head, problem.first_query + i, keys, row.codes,
                             row.kept, row.fetched_lsb});
      for (std::size_t j = 0; j < keys.size(); ++j)
        importance[static_cast<std::size_t>(keys[j])] += row.codes[j];
      record.add_row(problem.first_query + i, keys, row);
    }
  }

  const Trace& trace_;
  const SpattenSettings& settings_;
  unsigned threads_;
  SpattenObserver* observer_;
  std::int64_t problem_ = 0;
  bool decode_;
  std::vector<Problem> problems_;
  TokenCascade tokens_;
  std::vector<SpattenLayerRecord> records_;
  std::vector<std::vector<std::unique_ptr<SpattenHead>>> heads_;
  std::vector<std::int32_t> live_heads_;
  std::vector<std::int64_t> head_importance_;
};

}  // namespace

void SpattenCounts::add(const SpattenCounts& other) {
  entries += other.entries;
  lsb_rows += other.lsb_rows;
  values_kept += other.values_kept;
  near_ties += other.near_ties;
  out_saturated += other.out_saturated;
  q_saturated += other.q_saturated;
  k_saturated += other.k_saturated;
  v_saturated += other.v_saturated;
}

SpattenDecisions decide_spatten(const Trace& trace, const SpattenSettings& settings,
                                std::optional<bool> causal, unsigned threads,
                                SpattenObserver* observer) {
  check_layers(trace, settings);
  const bool masked = trace.stage() == Stage::Decode || causal.value_or(trace.causal());
  SpattenDecisions decisions = LayerCascade(trace, settings, masked, threads, observer).run();
  decisions.causal = masked;
  return decisions;
}

}  // namespace hdp
