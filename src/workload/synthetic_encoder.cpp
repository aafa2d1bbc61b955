// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "workload/encoder_contents.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/write.hpp>
#include <hdp/workload/model_shape.hpp>

namespace hdp {
namespace {

constexpr double kBias = 0.02;

/// Numbers close to normal at a quarter of the price: the sum of four uniforms of 16 bits, of
/// deviation 1 and at most 2 sqrt(3). Additions only: the same on every machine.
void draw(RandomStream random, double deviation, std::span<double> values) {
  constexpr int kParts = 4, kBits = 16;
  constexpr double kMean = kParts * 32767.5, kUnit = 1.0 / 37837.227;  // sqrt(4 (2^32 - 1) / 12)
  for (double& value : values) {
    std::uint64_t sum = 0;
    for (std::uint64_t bits = random.next(), part = 0; part < kParts; ++part, bits >>= kBits)
      sum += bits & 0xFFFF;
    value = deviation * kUnit * (static_cast<double>(sum) - kMean);
  }
}

struct Drawn final : Encoder::Contents {
  SyntheticEncoderConfig config;

  [[nodiscard]] RandomStream stream(std::string_view part) const {
    return {static_cast<std::uint64_t>(config.seed), fmt::format("encoder.{}", part)};
  }

  [[nodiscard]] Linear linear(std::int64_t l, std::string_view map, std::int64_t out,
                              std::int64_t in, double spread = 1) const {
    Linear drawn{Matrix<double>(out, in), std::vector<double>(static_cast<std::size_t>(out))};
    const double deviation = spread / std::sqrt(static_cast<double>(in));
    draw(stream(fmt::format("{}.{}.weight", l, map)), deviation, drawn.weights.values());
    draw(stream(fmt::format("{}.{}.bias", l, map)), kBias, drawn.bias);
    return drawn;
  }

  [[nodiscard]] Matrix<double> input() const override {
    Matrix<double> x(shape.tokens, shape.hidden);
    draw(stream("input"), 1, x.values());
    return x;
  }

  [[nodiscard]] EncoderLayer layer(std::int64_t l) const override {
    const std::int64_t q = shape.heads * shape.d, kv = shape.kv_heads * shape.d;
    EncoderLayer drawn;
    drawn.query = linear(l, "query", q, shape.hidden, config.spread);
    drawn.key = linear(l, "key", kv, shape.hidden, config.spread);
    drawn.value = linear(l, "value", kv, shape.hidden);
    drawn.attention_output = linear(l, "attention_output", shape.hidden, q);
    drawn.intermediate = linear(l, "intermediate", shape.ffn, shape.hidden);
    drawn.output = linear(l, "output", shape.hidden, shape.ffn);
    drawn.heads = shape.heads;
    drawn.kv_heads = shape.kv_heads;
    drawn.causal = shape.causal;
    return drawn;
  }
};

}  // namespace

Encoder make_synthetic_encoder(const SyntheticEncoderConfig& config) {
  const std::string text = write_settings(config);
  SyntheticEncoderConfig checked;
  read_settings(checked, text, "");  // for the ranges
  auto drawn = std::make_shared<Drawn>();
  try {
    const ModelShape& model = model_shape(config.model);
    if (model.widths.gated)
      refuse({}, fmt::format("'{}' has a gated FFN and no layer norms", config.model),
             "a model like BERT");
    drawn->shape = {config.layers,  config.n, model.widths.hidden, model.widths.ffn, model.heads,
                    model.kv_heads, model.d,  model.causal};
  } catch (const UserError& mistake) {
    throw mistake.within("/model");
  }
  drawn->config = config;
  drawn->name = fmt::format("encoder_{}_n{}", config.model, config.n);
  drawn->sha256 = sha256_hex(text);
  return Encoder(std::move(drawn));
}

}  // namespace hdp
