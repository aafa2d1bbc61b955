// SPDX-License-Identifier: Apache-2.0
#include "workload/synthetic_plan.hpp"

#include <type_traits>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/workload/model_shape.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kMaxBytes = std::int64_t{4} << 30;

[[noreturn]] void fail(std::string_view field, std::string problem, std::string_view unit,
                       std::string allowed) {
  throw UserError({.path = fmt::format("/{}", field),
                   .problem = std::move(problem),
                   .unit = std::string(unit),
                   .allowed = std::move(allowed)});
}

template <class Value>
void check_field(const Field<SyntheticConfig, Value>& field, const Value& value) {
  const auto check = [&](auto number) {
    const auto x = static_cast<double>(number);
    if (x >= field.range.min && x <= field.range.max) return;
    fail(field.name, fmt::format("{}", number), field.unit,
         fmt::format("{} to {}", field.range.min, field.range.max));
  };
  if constexpr (std::is_arithmetic_v<Value>) {
    check(value);
  } else if constexpr (std::is_same_v<Value, std::optional<std::int64_t>>) {
    if (value) check(*value);
  }
}

const ModelShape& model_of(const SyntheticConfig& config) try {
  return model_shape(config.model);
} catch (const UserError& error) {
  throw error.within("/model");
}

}  // namespace

using detail::SyntheticPlan;

SyntheticPlan detail::plan_of(const SyntheticConfig& config) {
  std::apply([&](const auto&... field) { (check_field(field, config.*(field.member)), ...); },
             SyntheticConfig::kFields);
  const ModelShape& model = model_of(config);
  const bool decode = config.stage == Stage::Decode;
  const std::int64_t group = model.heads / model.kv_heads;
  const std::int64_t heads = config.heads.value_or(model.heads);
  if (heads % group != 0) {
    fail("heads", fmt::format("{}", heads), "heads",
         fmt::format("multiples of {}, as {} query heads share a kv head", group, group));
  }
  if (config.outliers > model.d) {
    fail("outliers", fmt::format("{}", config.outliers), "channels",
         fmt::format("at most the head size, {}", model.d));
  }
  const LayerShape shape{.heads = heads,
                         .kv_heads = heads / group,
                         .n_q = decode ? config.steps : config.n,
                         .n_k = decode ? config.n_ctx + config.steps : config.n,
                         .d = model.d};
  const std::int64_t layers = config.layers.value_or(model.layers);
  const std::int64_t rows = shape.heads * shape.n_q + 2 * shape.kv_heads * shape.n_k;
  const std::int64_t bytes = layers * rows * shape.d * std::int64_t{sizeof(std::uint16_t)};
  if (bytes > kMaxBytes) {
    fail(decode ? "n_ctx" : "n", fmt::format("{} keys make {} of tensors", shape.n_k, bytes),
         "bytes", fmt::format("at most {} in all", kMaxBytes));
  }
  return {config, shape, layers, decode || model.causal};
}

Metadata detail::metadata_of(const SyntheticPlan& plan) {
  const SyntheticConfig& c = plan.config;
  std::string layers;
  for (std::int64_t l = 0; l < plan.layers; ++l)
    layers += fmt::format("{}{}", l == 0 ? "" : ",", l);
  Metadata metadata{
      {"model", c.model},
      {"weights", "none: synthetic"},
      {"text",
       fmt::format("synthetic: seed {}, spread {}, peak {}, matches {}, sink {}, outliers {}",
                   c.seed, c.spread, c.peak, c.matches, c.sink, c.outliers)},
      {"tokens", fmt::format("{}", plan.shape.n_k)},
      {"stage", std::string(name_of(c.stage))},
      {"causal", plan.causal ? "true" : "false"},
      {"layers", layers}};
  if (c.stage == Stage::Decode) {
    metadata["n_ctx"] = fmt::format("{}", c.n_ctx);
    metadata["steps"] = fmt::format("{}", c.steps);
  }
  return metadata;
}

std::string synthetic_name(const SyntheticConfig& c) {
  if (c.stage == Stage::Prefill) return fmt::format("synthetic_{}_n{}", c.model, c.n);
  return fmt::format("synthetic_{}_ctx{}_s{}", c.model, c.n_ctx, c.steps);
}

}  // namespace hdp
