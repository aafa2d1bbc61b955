// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "machine/ignored.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/machine/hdp/config.hpp>

namespace hdp {
namespace {

void need_multiple(std::string_view setting, std::int64_t value, std::int64_t block_size) {
  if (value % block_size == 0) return;
  throw UserError(
      {.path = fmt::format("/core/pe_array/{}", setting),
       .problem = fmt::format("{} is no multiple of /prune/block_size {}", value, block_size),
       .unit = "PEs",
       .allowed =
           fmt::format("multiples of {}, so that no block straddles two tiles", block_size)});
}

/// Chunks of fraction bits lie in DRAM as planes, and are read once for all who share them.
void check_fetch(const MaskFetchConfig& fetch) {
  const auto refuse_with = [](std::string_view setting, std::string_view allowed) {
    throw UserError({.path = "/prune/probability",
                     .problem = fmt::format("does not go with /core/fetch/{}", setting),
                     .allowed = fmt::format("null, or with /core/fetch/{}", allowed)});
  };
  if (fetch.planes != Planes::Stored) refuse_with("planes split_on_fetch", "planes stored");
  if (!fetch.reuse) refuse_with("reuse false", "reuse true");
}

}  // namespace

void validate(const HdpConfig& config) {
  need_one_line("/name", config.name);
  validate(config.layer, "/layer");
  validate(config.memory);
  validate(config.energy);
  if (!config.pruning) return;
  validate(config.prune);
  if (config.prune.probability) check_fetch(config.core.fetch);
  need_multiple("rows", config.core.pe_array.rows, config.prune.block_size);
  need_multiple("columns", config.core.pe_array.columns, config.prune.block_size);
}

const SramConfig& sram_of(const CoreConfig& core, Buffer buffer) {
  switch (buffer) {
    case Buffer::Q:
      return core.q_sram;
    case Buffer::K:
      return core.k_sram;
    case Buffer::V:
      return core.v_sram;
    case Buffer::Score:
      return core.score_sram;
    default:
      return core.mask_sram;
  }
}

bool has_buffer(const HdpConfig& config, Buffer buffer) {
  return buffer != Buffer::Mask || config.pruning;
}

IgnoredSettings ignored_settings(const HdpConfig& config, const Workload& workload) {
  IgnoredSettings ignored;
  if (!config.pruning) {
    add_ignored(
        ignored,
        {"prune.split", "prune.block_size", "prune.rule", "prune.rho", "prune.keep", "prune.tau",
         "prune.approximation", "prune.masked", "prune.importance", "prune.probability", "cascade",
         "core.sparsity_engine", "core.fetch.reuse", "core.fetch.planes", "core.mask_sram",
         "core.score_store", "core.early_keep", "core.write_zeros"},
        "nothing is pruned", "pruning=true");
  }
  if (config.prune.rule == PruneRule::TopK)
    add_ignored(
        ignored,
        {"core.sparsity_engine.threshold_cycles", "core.sparsity_engine.compares_per_cycle"},
        "prune.rule is top_k", "prune.rule=threshold");
  else
    add_ignored(ignored, {"core.sparsity_engine.top_k"}, "prune.rule is threshold",
                "prune.rule=top_k");
  if (config.prune.tau < 0)
    add_ignored(ignored,
                {"core.early_keep", "core.write_zeros", "core.sparsity_engine.head_test_cycles"},
                "no head is pruned (prune.tau < 0)", "prune.tau=1");
  add_ignored(ignored, "prune", ignored_settings(config.prune));
  if (!config.estimates())
    add_ignored(ignored, {"core.probability_unit"}, "no probability is estimated",
                "a prune.probability");
  if (!config.cascade.prunes())
    add_ignored(ignored, {"cascade.top_k"}, "the cascade prunes nothing",
                "cascade.token.keep=linear");
  add_ignored(ignored, "cascade.token", ignored_settings(config.cascade.token));
  add_ignored(ignored, "cascade.head", ignored_settings(config.cascade.head));
  add_ignored_by_layers(ignored, workload);
  add_ignored_by_memory(ignored, config.memory, config.energy);
  return ignored;
}

HdpRules dense_rules(HdpRules rules) {
  rules.pruning = false;
  rules.cascade.token = rules.cascade.head = keep_all();
  rules.prune.probability.turn(false);
  return rules;
}

HdpConfig without_pruning(HdpConfig config) {
  HdpRules& rules = config;
  rules = dense_rules(rules);
  config.layer.kept = config.layer.of = 0;
  return config;
}

}  // namespace hdp
