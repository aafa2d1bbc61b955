// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "machine/leopard/group.hpp"
#include <hdp/machine/head_map.hpp>
#include <hdp/prune/leopard_record.hpp>

namespace hdp::leopard {

/// What becomes of the keys of a group's rows, a byte each (KeySteps).
using GroupSteps = std::vector<std::vector<std::uint8_t>>;

/// Decides on whole groups, as their rows come up, and takes down what was decided.
class Decider {
 public:
  /// UserError where thresholds are neither one nor as many as layers. `fidelity`: what is decided
  /// is compared with dense attention.
  Decider(const LeopardConfig& config, std::span<const Trace> sequences, bool fidelity,
          unsigned threads);

  /// By row and key. Groups come in order.
  GroupSteps decide(const Group& group);
  /// All decisions of a sequence, once, and what heads kept.
  LeopardDecisions take(std::int64_t sequence, HeadMaps* maps);

 private:
  struct Head {
    std::unique_ptr<const LeopardHead> codes;
    std::unique_ptr<LeopardRecord> record;
    std::int64_t threshold = 0;
  };
  struct Layer {
    std::vector<std::shared_ptr<const LeopardStored>> stored;
    std::vector<Head> heads;
    double threshold = 0;
  };
  void load(const Group& group, std::int64_t number);
  void decide_head(const Group& group, std::int64_t number,
                   std::span<std::vector<std::uint8_t>> rows);

  LeopardSettings settings_;
  LeopardPruning pruning_;
  std::span<const Trace> sequences_;
  bool fidelity_;
  unsigned threads_;
  std::vector<std::vector<Layer>> layers_;  ///< By sequence.
};

}  // namespace hdp::leopard
