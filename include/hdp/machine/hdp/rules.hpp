// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include <hdp/config/field.hpp>
#include <hdp/prune/cascade_settings.hpp>
#include <hdp/prune/hdp_settings.hpp>
#include <hdp/units/top_k_engine.hpp>

namespace hdp {

/// SpAtten's cascade in front of block pruning; a share of 1 prunes nothing.
struct HdpCascadeConfig {
  CascadeStage token = keep_all();
  CascadeStage head = keep_all();
  TopKEngineConfig top_k;

  static constexpr auto kFields =
      std::tuple{Field{&HdpCascadeConfig::token, "token", "", "Cascade token pruning."},
                 Field{&HdpCascadeConfig::head, "head", "", "Cascade head pruning."},
                 Field{&HdpCascadeConfig::top_k, "top_k", "",
                       "The top-k engine that ranks tokens and heads between two layers."}};

  [[nodiscard]] bool prunes() const { return token.prunes() || head.prunes(); }
};

/// What prunes, in the order in which each takes what the one before has left.
enum class HdpStage : std::uint8_t { Cascade, BlocksAndHeads, Probability };
template <>
struct EnumNames<HdpStage> {
  static constexpr std::array<std::string_view, 3> kNames{"cascade", "blocks_and_heads",
                                                          "probability"};
};
/// Whether a layer can only be decided on behind those before it.
constexpr bool couples_layers(HdpStage stage) { return stage == HdpStage::Cascade; }

/// All that decisions on a trace depend on: planning sees nothing else of a machine, so that
/// machines with the same rules share what was planned.
struct HdpRules {
  bool pruning = true;
  HdpSettings prune{.fraction_bits = std::nullopt};  ///< On a machine the values choose.
  HdpCascadeConfig cascade;

  /// The stages that are on; none: dense attention.
  [[nodiscard]] std::vector<HdpStage> stages() const {
    std::vector<HdpStage> on;
    if (cascades()) on.push_back(HdpStage::Cascade);
    if (pruning) on.push_back(HdpStage::BlocksAndHeads);
    if (estimates()) on.push_back(HdpStage::Probability);
    return on;
  }
  /// Whether tokens or heads are ranked between layers.
  [[nodiscard]] bool cascades() const { return pruning && cascade.prunes(); }
  /// Whether fraction bits are read chunk by chunk, behind bounds of probabilities.
  [[nodiscard]] bool estimates() const { return pruning && static_cast<bool>(prune.probability); }

  static constexpr auto kFields = std::tuple{
      Field{&HdpRules::pruning, "pruning", "",
            "Off: dense attention, exact products, whole words, no masks."},
      Field{&HdpRules::prune, "prune", "", "Which blocks and heads are pruned."},
      Field{&HdpRules::cascade, "cascade", "", "Which tokens and heads go before that."}};
};

/// The same rules with all of them off.
HdpRules dense_rules(HdpRules rules);

}  // namespace hdp
