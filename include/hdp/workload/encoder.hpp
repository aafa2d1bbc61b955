// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include <hdp/config/field.hpp>
#include <hdp/numeric/encoder_layer.hpp>
#include <hdp/numeric/matrix.hpp>
#include <hdp/workload/safetensors.hpp>

namespace hdp {

class InputFile;

/// All layers are alike.
struct EncoderShape {
  std::int64_t layers = 0, tokens = 0, hidden = 0, ffn = 0;
  std::int64_t heads = 0, kv_heads = 0, d = 0;  ///< kv_heads divides heads.
  bool causal = false;
};

/// Weights and activations: the layers of an encoder, and the input of the first
/// (docs/layers.md). Immutable, and a copy shares the data.
class Encoder {
 public:
  struct Contents;  ///< Where layers come from: a file, or a seed.
  explicit Encoder(std::shared_ptr<const Contents> contents);

  [[nodiscard]] const std::string& name() const;
  /// Of the bytes of the file, or of the settings that it is drawn from, in hex.
  [[nodiscard]] const std::string& sha256() const;
  [[nodiscard]] const EncoderShape& shape() const;
  [[nodiscard]] Matrix<double> input() const;  ///< [tokens, hidden].
  /// Made anew at every call: all layers at once would be large.
  [[nodiscard]] EncoderLayer layer(std::int64_t l) const;

 private:
  std::shared_ptr<const Contents> contents_;
};

/// Layers with the sizes of a known model and random numbers, close to normal, as weights.
struct SyntheticEncoderConfig {
  std::string model = "minilm_l6";
  std::int64_t n = 128;
  std::int64_t layers = 1;
  std::int64_t seed = 1;
  double spread = 1.5;

  static constexpr auto kFields = std::tuple{
      Field{&SyntheticEncoderConfig::model, "model", "", "Model whose sizes and mask to take."},
      Field{&SyntheticEncoderConfig::n, "n", "tokens", "Tokens of the input.", Range{1, 1 << 16}},
      Field{&SyntheticEncoderConfig::layers, "layers", "layers", "Layers.", Range{1, 1024}},
      Field{&SyntheticEncoderConfig::seed, "seed", "", "Seed of all random streams.",
            Range{0, 9007199254740992.0}},
      Field{&SyntheticEncoderConfig::spread, "spread", "",
            "Standard deviation of Q and K for an input of standard deviation 1.", Range{0.1, 16}},
  };
};

/// Weights with standard deviation 1 / sqrt(reduction), those of Q and K `spread` times as much;
/// biases of 0.02; norms of gain 1. UserError for a value out of its range.
Encoder make_synthetic_encoder(const SyntheticEncoderConfig& config);

/// Whether a tensor file is meant as an encoder: a name holds "encoder.layer.".
bool is_meant_as_encoder(const Safetensors& file);

/// A file with the tensors of a BERT checkpoint, and its input (docs/layers.md). UserError for
/// tensors that are missing or do not fit each other, NaN or infinity, integers, and for metadata
/// without heads.
Encoder load_encoder(InputFile file, const std::filesystem::path& path);
/// The same from bytes in memory; `name` also stands for the path in messages.
Encoder encoder_from_bytes(std::vector<std::byte> bytes, std::string name);

}  // namespace hdp
