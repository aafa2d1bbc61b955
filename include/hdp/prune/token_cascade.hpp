// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <hdp/prune/keep_schedule.hpp>

namespace hdp {

/// What a ranking kept, and by how much: the smallest difference between the least important that
/// stayed (a token that had to stay aside) and the most important that went; nothing where none
/// went or none could have.
struct Ranking {
  std::vector<std::int32_t> kept;
  std::optional<std::int64_t> margin;
};

/// Cascade token pruning: which tokens each layer holds. A token that goes after a layer is gone
/// for all later layers, when generating in later steps too. Importance is summed over layers and
/// steps.
class TokenCascade {
 public:
  /// `tokens` that will ever be, of which `held` are there before the first step (prefill: all).
  TokenCascade(const KeepSchedule& schedule, std::int64_t layers, std::int64_t tokens,
               std::int64_t held);

  /// Generating: one more token joins every layer, and stays for its own step.
  void join(std::int32_t token);
  /// What a layer holds, ascending.
  [[nodiscard]] std::vector<std::int32_t> live(std::int64_t layer) const;
  /// Adds to the importance of all tokens.
  void add(std::span<const std::int64_t> importance);
  /// The tokens that stay after `layer` has been computed; the rest leaves all later layers.
  Ranking rank_after(std::int64_t layer);

  [[nodiscard]] std::span<const std::int64_t> importance() const { return importance_; }

 private:
  const KeepSchedule& schedule_;
  std::int64_t layers_;
  std::int64_t original_;
  std::optional<std::int32_t> newest_;
  std::vector<std::int64_t> importance_;
  std::vector<std::int32_t> last_layer_;  ///< By token: the last layer that holds it; -1: none.
};

/// The k most important of `candidates`, `forced` among them whatever its importance.
Ranking rank(std::span<const std::int64_t> importance, std::span<const std::int32_t> candidates,
             std::int64_t k, std::optional<std::int32_t> forced = std::nullopt);

}  // namespace hdp
