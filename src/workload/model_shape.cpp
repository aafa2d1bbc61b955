// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "workload/message.hpp"
#include <hdp/base/error.hpp>
#include <hdp/workload/model_shape.hpp>

namespace hdp {
namespace {

constexpr std::array kModels{
    ModelShape{"bert_base", 12, 12, 12, 64, false, {768, 3072}},
    ModelShape{"bert_tiny", 2, 2, 2, 64, false, {128, 512}},
    ModelShape{"gpt2", 12, 12, 12, 64, true, {768, 3072}},
    ModelShape{"minilm_l6", 6, 12, 12, 32, false, {384, 1536}},
    ModelShape{"smollm2_135m", 30, 9, 3, 64, true, {576, 1536, true}},
    ModelShape{"tinybert_4", 4, 12, 12, 26, false, {312, 1200}},
};

constexpr auto kNames = [] {
  std::array<std::string_view, kModels.size()> names;
  std::ranges::transform(kModels, names.begin(), &ModelShape::name);
  return names;
}();

}  // namespace

std::span<const ModelShape> model_shapes() { return kModels; }

const ModelShape& model_shape(std::string_view name) {
  const auto* const found = std::ranges::find(kModels, name, &ModelShape::name);
  if (found == kModels.end()) {
    throw UserError({.problem = fmt::format("unknown model '{}'", name),
                     .allowed = detail::listed(kNames),
                     .nearest = nearest_name(name, kNames)});
  }
  return *found;
}

}  // namespace hdp
