// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <hdp/machine/layer/steps.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kGelu = 1;             // beside requantisation
constexpr std::int64_t kGate = 2;             // multiply, requantise
constexpr std::int64_t kResidualAndNorm = 4;  // add; sum, sum of squares, scale and shift

}  // namespace

std::vector<LayerStep> encoder_layer_steps(const LayerSizes& sizes) {
  const std::int64_t queries = sizes.heads * sizes.head_dim;
  const std::int64_t keys = sizes.kv_heads * sizes.head_dim;
  const auto product = [&](std::string phase, std::int64_t columns, std::int64_t depth) {
    return MatrixJob{
        .phase = std::move(phase), .rows = sizes.tokens, .columns = columns, .depth = depth};
  };
  const auto norm = [&](std::string phase, InputStep input, InputStep residual) {
    return VectorJob{.phase = std::move(phase),
                     .rows = sizes.tokens,
                     .columns = sizes.hidden,
                     .inputs = {input, residual},
                     .vector_passes = kResidualAndNorm};
  };
  MatrixJob output = product("o_projection", sizes.hidden, queries);
  output.after = 2;  // attention is behind all three
  MatrixJob ffn_1 = product("ffn_1", sizes.ffn, sizes.hidden);
  ffn_1.input = 4;
  ffn_1.vector_passes += kGelu;
  std::vector<LayerStep> steps{product("q_projection", queries, sizes.hidden),
                               product("k_projection", keys, sizes.hidden),
                               product("v_projection", keys, sizes.hidden),
                               output,
                               norm("norm_1", 3, {}),
                               ffn_1};
  if (sizes.gated) {
    MatrixJob gate = product("ffn_gate", sizes.ffn, sizes.hidden);
    gate.input = 4;
    steps.emplace_back(gate);
    steps.emplace_back(VectorJob{.phase = "gate",
                                 .rows = sizes.tokens,
                                 .columns = sizes.ffn,
                                 .inputs = {5, 6},
                                 .vector_passes = kGate});
  }
  MatrixJob ffn_2 = product("ffn_2", sizes.hidden, sizes.ffn);
  ffn_2.input = steps.size() - 1;
  steps.emplace_back(ffn_2);
  steps.emplace_back(norm("norm_2", steps.size() - 1, 4));
  return steps;
}

}  // namespace hdp
