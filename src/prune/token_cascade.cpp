// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/prune/token_cascade.hpp>
#include <hdp/prune/top_k.hpp>

namespace hdp {

Ranking rank(std::span<const std::int64_t> importance, std::span<const std::int32_t> candidates,
             std::int64_t k, std::optional<std::int32_t> forced) {
  Ranking ranking;
  std::vector<std::int32_t> others(candidates.begin(), candidates.end());
  if (forced) std::erase(others, *forced);
  const bool has_forced = others.size() != candidates.size();
  top_k(importance, others, has_forced ? k - 1 : k, ranking.kept);
  const auto of = [&](std::int32_t i) { return importance[static_cast<std::size_t>(i)]; };
  std::optional<std::int64_t> least, most;
  for (const std::int32_t i : ranking.kept) least = std::min(least.value_or(of(i)), of(i));
  for (const std::int32_t i : others)
    if (!std::ranges::binary_search(ranking.kept, i)) most = std::max(most.value_or(of(i)), of(i));
  if (least && most) ranking.margin = *least - *most;
  if (has_forced) ranking.kept.insert(std::ranges::upper_bound(ranking.kept, *forced), *forced);
  return ranking;
}

TokenCascade::TokenCascade(const KeepSchedule& schedule, std::int64_t layers, std::int64_t tokens,
                           std::int64_t held)
    : schedule_(schedule),
      layers_(layers),
      original_(held),
      importance_(static_cast<std::size_t>(tokens), 0),
      last_layer_(static_cast<std::size_t>(tokens), -1) {
  std::fill_n(last_layer_.begin(), held, static_cast<std::int32_t>(layers - 1));
}

void TokenCascade::join(std::int32_t token) {
  last_layer_[static_cast<std::size_t>(token)] = static_cast<std::int32_t>(layers_ - 1);
  newest_ = token;
  ++original_;
}

std::vector<std::int32_t> TokenCascade::live(std::int64_t layer) const {
  std::vector<std::int32_t> tokens;
  for (std::size_t i = 0; i < last_layer_.size(); ++i)
    if (last_layer_[i] >= layer) tokens.push_back(static_cast<std::int32_t>(i));
  return tokens;
}

void TokenCascade::add(std::span<const std::int64_t> importance) {
  std::ranges::transform(importance_, importance, importance_.begin(), std::plus<>());
}

Ranking TokenCascade::rank_after(std::int64_t layer) {
  // Layers hold ever fewer tokens, so what this and the next one hold is what the next one holds.
  const std::vector<std::int32_t> candidates = live(std::min(layer + 1, layers_ - 1));
  const std::int64_t k = schedule_.count_after(layer, layers_, original_, std::ssize(candidates));
  Ranking ranking = rank(importance_, candidates, k, newest_);
  for (const std::int32_t token : candidates)
    if (!std::ranges::binary_search(ranking.kept, token))
      last_layer_[static_cast<std::size_t>(token)] =
          std::min(last_layer_[static_cast<std::size_t>(token)], static_cast<std::int32_t>(layer));
  return ranking;
}

}  // namespace hdp
