// SPDX-License-Identifier: Apache-2.0
#include "workload/spatten_plan.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/config/walk.hpp>
#include <hdp/workload/model_shape.hpp>

namespace hdp {
namespace {

using detail::kWhole;
using detail::Share;
using Config = SpattenGeneratorConfig;

/// The reader of a file has done so; this is for settings made in a program.
void check_ranges(Config config) {
  for_each_setting(bind(config), [](std::string_view path, const Setting& setting) {
    const auto check = [&](auto number) {
      const auto x = static_cast<double>(number);
      if (!(x >= setting.range.min && x <= setting.range.max))
        refuse(fmt::format("/{}", path), fmt::format("{}", number),
               fmt::format("{} to {}", setting.range.min, setting.range.max));
    };
    if (const auto* const* integer = std::get_if<std::int64_t*>(&setting.target)) check(**integer);
    if (const auto* const* real = std::get_if<double*>(&setting.target)) check(**real);
    if (const auto* const* maybe = std::get_if<std::optional<std::int64_t>*>(&setting.target);
        maybe != nullptr && **maybe)
      check(***maybe);
  });
}

template <class Action>
auto within(std::string_view setting, Action action) try {
  return action();
} catch (const UserError& error) {
  throw error.within(fmt::format("/{}", setting));
}

std::vector<Share> schedule(std::string_view setting, const std::string& text,
                            std::int64_t layers) {
  return within(setting, [&] { return detail::shares_of(text, layers); });
}

/// What is pruned stays pruned in every later layer.
std::vector<Share> cascade(std::string_view setting, const std::string& text, std::int64_t layers) {
  std::vector<Share> shares = schedule(setting, text, layers);
  const auto grown = std::ranges::adjacent_find(shares, std::less<>());
  if (grown != shares.end())
    refuse(fmt::format("/{}", setting),
           fmt::format("layer {} keeps more than the one before", grown - shares.begin() + 1),
           "shares that never grow");
  return shares;
}

void check_quantisation(const Config& config, const std::vector<Share>& shares) {
  if (config.requantise_threshold > 0) return;
  if (std::ranges::any_of(shares, [](Share share) { return share > 0; }))
    refuse("/requantise_share", fmt::format("\"{}\"", config.requantise_share),
           "0 without a requantise_threshold");
}

void check_prefill(const Config& config, const std::vector<Share>& value_keep) {
  if (std::ranges::any_of(value_keep, [](Share share) { return share < kWhole; }))
    refuse("/value_keep", fmt::format("\"{}\"", config.value_keep),
           "1 in prefill, where the file has one count for keys and values");
  if (config.rescale_from)
    refuse("/rescale_from", fmt::format("{}", *config.rescale_from),
           "auto in prefill, where the file cannot say it");
}

std::int64_t at_least_one(std::int64_t count) { return std::max<std::int64_t>(count, 1); }

}  // namespace

detail::SpattenPlan detail::plan_of(const Config& config) {
  check_ranges(config);
  const ModelShape& model =
      within("model", [&]() -> const ModelShape& { return model_shape(config.model); });
  const bool prefill = config.format == SpattenFormat::Prefill;
  const std::int64_t layers = config.layers.value_or(model.layers);
  const std::int64_t heads = config.heads.value_or(model.heads);
  const auto keep = cascade("keep", config.keep, layers);
  const auto head_keep = cascade("head_keep", config.head_keep, layers);
  const auto value_keep = schedule("value_keep", config.value_keep, layers);
  const auto requantise = schedule("requantise_share", config.requantise_share, layers);
  check_quantisation(config, requantise);
  if (prefill) check_prefill(config, value_keep);

  SpattenPlan plan{.config = config,
                   .head_size = config.head_size.value_or(model.d),
                   .iterations = prefill ? 1 : config.generated,
                   .all_tokens = prefill ? config.prompt : config.prompt + config.generated,
                   .layers = {}};
  std::int64_t rows = 0;
  for (std::size_t l = 0; l < keep.size(); ++l) {
    plan.layers.push_back({.kept = at_least_one(part_of(plan.all_tokens, keep[l])),
                           .heads = at_least_one(part_of(heads, head_keep[l])),
                           .value_keep = value_keep[l],
                           .requantise_share = requantise[l]});
    rows += plan.iterations * plan.layers.back().heads;
  }
  if (rows > std::int64_t{kMostSpattenRows})
    refuse(prefill ? "/heads" : "/generated", fmt::format("{} rows", rows),
           fmt::format("at most {} in all", kMostSpattenRows));
  return plan;
}

}  // namespace hdp
