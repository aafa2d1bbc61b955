// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "machine/ignored.hpp"
#include "machine/leopard/step_bits.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/machine/leopard/config.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

LeopardSettings LeopardPruning::settings() const {
  LeopardSettings settings;
  settings.q_bits = q_bits;
  settings.k_bits = k_bits;
  settings.v_bits = v_bits;
  settings.step_bits = step_bits;
  settings.margin = margin;
  settings.threshold = threshold;
  if (threshold.empty()) settings.calibrate = calibrate;
  return settings;
}

void validate(const LeopardConfig& config) {
  need_one_line("/name", config.name);
  validate(config.layer, "/layer");
  validate(config.memory);
  validate(config.energy);
  need_divisor(config.prune.step_bits, config.prune.k_bits, "/prune/step_bits");
  if (config.prune.calibrate == 1)
    refuse("/prune/calibrate", "1", "a number in [0, 1): a share of 1 would leave nothing");
}

IgnoredSettings ignored_settings(const LeopardConfig& config, const Workload& workload) {
  const LeopardPruning& prune = config.prune;
  IgnoredSettings ignored;
  if (!prune.pruning)
    add_ignored(ignored,
                {"prune.threshold", "prune.calibrate", "prune.margin", "prune.early_termination"},
                "nothing is pruned", "prune.pruning=true");
  else if (!prune.threshold.empty())
    add_ignored(ignored, {"prune.calibrate"}, "thresholds are given", "prune.threshold=[]");
  if (prune.pruning && !prune.early_termination)
    add_ignored(ignored, {"prune.margin"}, "every bit of a key is read",
                "prune.early_termination=true");
  else if (prune.pruning && prune.steps() == 1)
    add_ignored(ignored, {"prune.margin", "prune.early_termination"}, "a key is read in one step",
                "prune.step_bits=2");
  add_ignored_by_layers(ignored, workload);
  add_ignored_by_memory(ignored, config.memory, config.energy);
  return ignored;
}

LeopardConfig without_pruning(LeopardConfig config) {
  config.prune.pruning = config.prune.early_termination = false;
  config.layer.kept = config.layer.of = 0;
  return config;
}

}  // namespace hdp
