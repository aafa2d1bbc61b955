// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "machine/ignored.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/spatten/config.hpp>

namespace hdp {

void validate(const SpattenConfig& config) {
  if (std::ranges::any_of(config.name, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    throw UserError({.path = "/name",
                     .problem = "holds control characters",
                     .allowed = "one line of printable text"});
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

IgnoredSettings ignored_settings(const SpattenConfig& config) {
  IgnoredSettings ignored;
  if (config.prune.progressive)
    add_ignored(ignored, {"prune.key_bits"}, "K is fetched in two parts",
                "prune.progressive=false");
  else
    add_ignored(ignored,
                {"prune.msb_bits", "prune.lsb_bits", "prune.requantise_threshold",
                 "prune.prefill_progressive", "decision_latency_cycles"},
                "K is fetched in one part", "prune.progressive=true");
  add_ignored(ignored, "prune.token", ignored_settings(config.prune.token));
  add_ignored(ignored, "prune.head", ignored_settings(config.prune.head));
  add_ignored_by_memory(ignored, config.memory);
  return ignored;
}

SpattenConfig without_pruning(SpattenConfig config) {
  config.prune.token = config.prune.head = keep_all();
  config.prune.value_keep = 1;
  config.prune.progressive = false;
  config.prune.key_bits = config.prune.value_bits = config.word_bits;
  return config;
}

}  // namespace hdp
