// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include <fmt/format.h>

#include "machine/ignored.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/machine/token_picker/config.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

std::int64_t TokenPickerPruning::key_bits() const {
  return std::accumulate(chunk_bits.begin(), chunk_bits.end(), std::int64_t{0});
}

TokenPickerSettings TokenPickerPruning::settings() const {
  TokenPickerSettings settings;
  settings.q_bits = query_bits;
  settings.k_bits = key_bits();
  settings.v_bits = value_bits;
  settings.rule = {threshold, chunk_bits, exponential};
  settings.tokens = token_order;
  return settings;
}

void validate(const TokenPickerConfig& config) {
  constexpr std::int64_t kMostKeyBits = 16;
  need_one_line("/name", config.name);
  validate(config.layer, "/layer");
  validate(config.memory);
  validate(config.energy);
  const std::int64_t bits = config.prune.key_bits();
  if (bits < 2 || bits > kMostKeyBits)
    throw UserError({.path = "/prune/chunk_bits",
                     .problem = fmt::format("{} bits together", bits),
                     .allowed = fmt::format("2 to {}, the width of a key", kMostKeyBits)});
}

IgnoredSettings ignored_settings(const TokenPickerConfig& config, const Workload& workload) {
  IgnoredSettings ignored;
  if (!config.prune.estimation)
    add_ignored(ignored,
                {"prune.threshold", "prune.value_pruning", "prune.exponential", "probability"},
                "no probability is estimated", "prune.estimation=true");
  add_ignored_multiplexers(ignored, config.layer, workload);
  add_ignored_by_layers(ignored, workload);
  add_ignored_by_memory(ignored, config.memory, config.energy);
  return ignored;
}

TokenPickerConfig without_pruning(TokenPickerConfig config) {
  config.prune.chunk_bits = {config.prune.key_bits()};
  config.prune.estimation = config.prune.value_pruning = false;
  config.prune.issue = IssueOrder::InOrder;
  config.layer.kept = config.layer.of = 0;
  return config;
}

}  // namespace hdp
