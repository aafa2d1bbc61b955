// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "machine/ignored.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/machine/spatten/config.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

void validate(const SpattenConfig& config) {
  need_one_line("/name", config.name);
  validate(config.layer, "/layer");
  validate(config.memory);
  validate(config.energy);
  const SpattenPruning& prune = config.prune;
  const auto at_most_a_word = [&](std::string_view setting, std::int64_t bits) {
    if (bits <= config.word_bits) return;
    throw UserError({.path = fmt::format("/prune/{}", setting),
                     .problem = fmt::format("{}", bits),
                     .unit = "bits",
                     .allowed = fmt::format("at most /word_bits, {}", config.word_bits)});
  };
  at_most_a_word("query_bits", prune.query_bits);
  at_most_a_word("value_bits", prune.value_bits);
  if (prune.progressive)
    at_most_a_word("msb_bits + lsb_bits", prune.msb_bits + prune.lsb_bits);
  else
    at_most_a_word("key_bits", prune.key_bits);
}

namespace {

/// Of the pruning of a trace of that stage.
IgnoredSettings ignored_settings(const SpattenPruning& prune, Stage stage) {
  const bool prefill = stage == Stage::Prefill;
  IgnoredSettings ignored;
  if (!prefill)
    add_ignored(ignored, {"prefill_value_pruning", "prefill_progressive"},
                "the workload is a decode", "a prefill");
  if (prefill && !prune.prefill_value_pruning)
    add_ignored(ignored, {"value_keep"}, "values are not pruned in a prefill",
                "prefill_value_pruning=true");
  if (prune.in(stage).progressive) {
    add_ignored(ignored, {"key_bits"}, "K is fetched in two parts", "progressive=false");
  } else {
    if (prefill && !prune.prefill_progressive)
      add_ignored(ignored, {"progressive", "msb_bits", "lsb_bits", "requantise_threshold"},
                  "K is fetched in one part in a prefill", "prefill_progressive=true");
    if (!prune.progressive)
      add_ignored(ignored, {"msb_bits", "lsb_bits", "requantise_threshold", "prefill_progressive"},
                  "K is fetched in one part", "progressive=true");
  }
  add_ignored(ignored, "token", ignored_settings(prune.token));
  add_ignored(ignored, "head", ignored_settings(prune.head));
  return ignored;
}

}  // namespace

IgnoredSettings ignored_settings(const SpattenConfig& config, const Workload& workload) {
  IgnoredSettings ignored;
  if (workload.rows() != nullptr)
    add_ignored(ignored, {"prune", "slice_heads"}, "rows bring their decisions", "a trace");
  else
    add_ignored(ignored, "prune", ignored_settings(config.prune, workload.stage()));
  add_ignored_by_layers(ignored, workload);
  add_ignored_by_memory(ignored, config.memory, config.energy);
  return ignored;
}

SpattenConfig without_pruning(SpattenConfig config) {
  config.prune.token = config.prune.head = keep_all();
  config.prune.value_keep = 1;
  config.prune.progressive = false;
  config.layer.kept = config.layer.of = 0;
  config.prune.key_bits = config.prune.value_bits = config.word_bits;
  return config;
}

}  // namespace hdp
