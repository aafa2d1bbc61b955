// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/stage_planner.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include <fmt/format.h>

#include <hdp/base/shared_cache.hpp>
#include <hdp/config/write.hpp>

namespace hdp {
namespace {

std::size_t bytes_of(const HdpPlan& plan) {
  const std::int64_t words = plan.mask.rows() * (plan.mask.columns() / 64 + 1);
  std::size_t entries = static_cast<std::size_t>(words) + plan.theta_rows.size();
  // Importances are kept for few rules, fates of entries for few stages.
  if (plan.ranked.rows() > 0) entries += static_cast<std::size_t>(plan.blocks_existing);
  if (!plan.estimates.empty()) entries += static_cast<std::size_t>(plan.kept_entries);
  return sizeof plan + entries * sizeof(std::int64_t);
}

std::size_t bytes_of(const std::vector<PlannedLayer>& layers) {
  std::size_t bytes = 0;
  for (const PlannedLayer& layer : layers) {
    bytes += sizeof layer;
    for (const PlannedProblem& problem : layer.problems) {
      bytes +=
          sizeof problem + (problem.heads.size() + problem.tokens.size()) * sizeof(std::int32_t);
      for (const HdpPlan& plan : problem.plans) bytes += bytes_of(plan);
      for (const RankedList& list : problem.ranked)
        bytes += list.importance.size() * sizeof(std::int64_t);
    }
  }
  return bytes;
}

std::string text_of(FixedPoint format) {
  return fmt::format("{}.{}", format.word_bits, format.fraction_bits);
}

}  // namespace

HdpFormats planned_formats(const HdpRules& rules, std::span<const Trace> sequences,
                           const PlayOptions& options) {
  const auto make = [&] { return hdp_formats(sequences, rules.prune); };
  if (options.shared == nullptr) return make();
  std::string key = "hdp formats\n" + write_settings(rules);
  for (const Trace& trace : sequences) key += trace.sha256();
  return *options.shared->get(key, make, [](const HdpFormats& made) { return sizeof made; });
}

StagePlanner::StagePlanner(const HdpRules& rules, const Trace& trace, const HdpFormats& formats,
                           const PlayOptions& options)
    : rules_(rules),
      trace_(trace),
      formats_(formats),
      options_(options),
      coupled_(std::ranges::any_of(rules.stages(), couples_layers)),
      keeps_layers_(trace.stage() == Stage::Decode) {
  if (options.shared != nullptr && !options.splits_error()) {
    const std::string key =
        fmt::format("hdp layers\n{}{} {} {} {}", write_settings(rules), trace.sha256(),
                    text_of(formats.qk), text_of(formats.v), options.compares());
    all_ = options.shared->get(
        key, [&] { return all_layers(); }, [](const Layers& made) { return bytes_of(made); });
  } else if (coupled_) {
    all_ = std::make_shared<const Layers>(all_layers());
  } else {
    layers_.resize(static_cast<std::size_t>(keeps_layers_ ? trace.layers() : 1));
  }
}

StagePlanner::Layers StagePlanner::all_layers() const {
  Layers layers;
  if (coupled_) layers = plan_cascaded_layers(rules_, trace_, formats_, options_);
  layers.resize(static_cast<std::size_t>(trace_.layers()));
  for (std::int64_t number = 0; number < trace_.layers(); ++number) {
    PlannedLayer& layer = layers[static_cast<std::size_t>(number)];
    if (coupled_)
      split_error(number, layer);
    else
      plan(number, layer);
  }
  return layers;
}

void StagePlanner::plan(std::int64_t number, PlannedLayer& layer) const {
  plan_layer(rules_, trace_, formats_, number, options_, layer);
  split_error(number, layer);
}

void StagePlanner::split_error(std::int64_t number, PlannedLayer& layer) const {
  if (options_.splits_error()) add_causes(rules_, trace_, formats_, number, options_, layer);
}

const PlannedLayer& StagePlanner::layer(std::int64_t number) {
  if (all_) return (*all_)[static_cast<std::size_t>(number)];
  PlannedLayer& layer = layers_[keeps_layers_ ? static_cast<std::size_t>(number) : 0];
  if (number == planned_) {
    plan(number, layer);
    ++planned_;
  }
  return layer;
}

}  // namespace hdp
