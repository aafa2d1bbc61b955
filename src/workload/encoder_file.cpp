// SPDX-License-Identifier: Apache-2.0
// An encoder in a file: the tensors of a BERT checkpoint, and `input`.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "workload/encoder_contents.hpp"
#include "workload/message.hpp"
#include "workload/metadata.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/workload/magnitude.hpp>

namespace hdp {
namespace {

constexpr std::string_view kOfLayers = "encoder.layer.";
constexpr std::string_view kInput = "input";
constexpr std::int64_t kMostColumns = std::int64_t{1} << 16;  ///< Sums of 8-bit codes fit 32 bits.

constexpr std::int64_t kMostLayers = 1024;
constexpr std::int64_t kMostHeads = 1'000'000'000;
constexpr double kLeastEpsilon = 1e-300, kMostEpsilon = 1e9;
constexpr std::array<std::string_view, 6> kMatrices{
    "attention.self.query",   "attention.self.key", "attention.self.value",
    "attention.output.dense", "intermediate.dense", "output.dense"};

using Shape = std::vector<std::int64_t>;

struct Stored final : Encoder::Contents {
  std::variant<std::vector<std::byte>, InputFile> storage;
  Safetensors file;
  std::string prefix;  ///< What stands before "encoder.layer.".
  double epsilon = 1e-12;

  [[nodiscard]] std::string name_of(std::int64_t l, std::string_view part) const {
    return fmt::format("{}{}{}.{}", prefix, kOfLayers, l, part);
  }
  [[nodiscard]] Matrix<double> matrix(const TensorView& tensor) const {
    Matrix<double> values(tensor.shape[0], tensor.shape[1]);
    widen(tensor.type, tensor.bytes, values.values());
    return values;
  }
  [[nodiscard]] std::vector<double> vector(const std::string& tensor_name) const {
    const TensorView* tensor = file.find(tensor_name);
    if (tensor == nullptr) return {};
    std::vector<double> values(static_cast<std::size_t>(tensor->shape[0]));
    widen(tensor->type, tensor->bytes, values);
    return values;
  }
  [[nodiscard]] Linear linear(std::int64_t l, std::string_view part) const {
    return {matrix(*file.find(name_of(l, part) + ".weight")), vector(name_of(l, part) + ".bias")};
  }
  [[nodiscard]] LayerNorm norm(std::int64_t l, std::string_view part) const {
    return {vector(name_of(l, part) + ".weight"), vector(name_of(l, part) + ".bias"), epsilon};
  }

  [[nodiscard]] Matrix<double> input() const override { return matrix(*file.find(kInput)); }
  [[nodiscard]] EncoderLayer layer(std::int64_t l) const override {
    EncoderLayer read;
    read.query = linear(l, "attention.self.query");
    read.key = linear(l, "attention.self.key");
    read.value = linear(l, "attention.self.value");
    read.attention_output = linear(l, "attention.output.dense");
    read.attention_norm = norm(l, "attention.output.LayerNorm");
    read.intermediate = linear(l, "intermediate.dense");
    read.output = linear(l, "output.dense");
    read.output_norm = norm(l, "output.LayerNorm");
    read.heads = shape.heads;
    read.kv_heads = shape.kv_heads;
    read.causal = shape.causal;
    return read;
  }
};

/// Layers of values up to 2^32 stay in the range of doubles.
std::optional<BadValue> first_bad(const TensorView& tensor) {
  constexpr double kLargest = 0x1p32;
  std::vector<double> values(tensor.bytes.size() / size_of(tensor.type));
  widen(tensor.type, tensor.bytes, values);
  const auto bad = std::ranges::find_if(
      values, [](double value) { return !(std::abs(value) <= kLargest); });  // NaN, too
  if (bad == values.end()) return std::nullopt;
  return BadValue{static_cast<std::size_t>(bad - values.begin()), *bad};
}

/// A tensor that must be there, with so many dimensions.
const TensorView& required(const Safetensors& file, const std::string& name, std::size_t extents) {
  const TensorView* tensor = file.find(name);
  const std::string label = detail::tensor_label(name);
  if (tensor == nullptr) refuse(label, "is missing", "an encoder's tensors, see docs/layers.md");
  const auto& shape = tensor->shape;
  if (shape.size() != extents ||
      std::ranges::any_of(shape, [](std::int64_t n) { return n < 1 || n > kMostColumns; }))
    refuse(label, fmt::format("shape {}", detail::shape_text(shape)),
           fmt::format("{} of 1 to {}", extents == 2 ? "[rows, columns]" : "one dimension",
                       kMostColumns));
  if (is_integer(tensor->type))
    refuse(label, fmt::format("{}", hdp::name_of(tensor->type)), "floating point numbers");
  return *tensor;
}

/// Its shape, and that its values are in range.
void check_tensor(const Safetensors& file, const std::string& name, const Shape& wanted) {
  const TensorView& tensor = required(file, name, wanted.size());
  if (tensor.shape != wanted)
    refuse(detail::tensor_label(name), fmt::format("shape {}", detail::shape_text(tensor.shape)),
           fmt::format("{}, as the others have it", detail::shape_text(wanted)));
  if (const auto bad = first_bad(tensor))
    refuse(detail::tensor_label(name), fmt::format("value {} at {}", text_of(*bad), bad->index),
           "finite numbers of at most 2^32 (4.3e9) in magnitude");
}

/// Biases, and gains of norms, may be left out.
void check_if_there(const Safetensors& file, const std::string& name, std::int64_t size) {
  if (file.find(name) != nullptr) check_tensor(file, name, {size});
}

/// Of a tensor of a layer: what stands before "encoder.layer.", and its number.
struct LayerName {
  std::string_view prefix;
  std::int64_t layer = 0;
};

/// Nothing for a tensor that a layer does not have.
std::optional<LayerName> layer_name_of(std::string_view name) {
  const auto at = name.rfind(kOfLayers);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = name.substr(at + kOfLayers.size());
  std::int64_t layer = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), layer);
  const std::string_view part = rest.substr(static_cast<std::size_t>(end - rest.data()));
  const bool known = std::ranges::any_of(kMatrices, [&](std::string_view matrix) {
    return part == fmt::format(".{}.weight", matrix);
  });
  if (error != std::errc{} || layer < 0 || layer >= kMostLayers || !known) return std::nullopt;
  return LayerName{name.substr(0, at), layer};
}

/// Prefix and layers of all matrices: one prefix, and layers up to the last that has any.
void read_names(Stored& encoder) {
  std::optional<std::string_view> prefix;
  encoder.shape.layers = 1;
  for (const TensorView& tensor : encoder.file.tensors()) {
    const auto named = layer_name_of(tensor.name);
    if (!named) continue;
    if (prefix && *prefix != named->prefix)
      refuse(detail::tensor_label(tensor.name), "is of another encoder",
             fmt::format("one encoder a file: '{}{}'", detail::clipped(*prefix), kOfLayers));
    prefix = named->prefix;
    encoder.shape.layers = std::max(encoder.shape.layers, named->layer + 1);
  }
  encoder.prefix = prefix.value_or("");
}

void read_shape(Stored& encoder) {
  const Safetensors& file = encoder.file;
  EncoderShape& shape = encoder.shape;
  const Shape input = required(file, std::string(kInput), 2).shape;
  shape.tokens = input[0];
  shape.hidden = input[1];
  const Metadata& metadata = file.metadata();
  constexpr const char* kHeads = "the query heads, a whole number, at least 1";
  shape.causal = detail::truth_in(metadata, "causal").value_or(false);
  const auto heads = detail::number_in<std::int64_t>(metadata, "heads", 1, kMostHeads, kHeads);
  if (!heads) refuse("metadata 'heads'", "is missing", kHeads);
  shape.heads = *heads;
  encoder.epsilon = detail::number_in<double>(metadata, "epsilon", kLeastEpsilon, kMostEpsilon,
                                              "what norms add to a variance, above 0")
                        .value_or(encoder.epsilon);
  const auto rows = [&](std::string_view part) {
    return required(file, encoder.name_of(0, part) + ".weight", 2).shape[0];
  };
  const std::int64_t q = rows("attention.self.query"), kv = rows("attention.self.key");
  shape.ffn = rows("intermediate.dense");
  shape.d = q / shape.heads;
  if (q % shape.heads != 0 || kv % shape.d != 0 || shape.heads % (kv / shape.d) != 0)
    refuse("metadata 'heads'",
           fmt::format("{} heads for {} rows of Q and {} of K", shape.heads, q, kv),
           "heads of one size, in groups that share one of K");
  shape.kv_heads = kv / shape.d;
}

void check_layer(const Stored& encoder, std::int64_t l) {
  const Safetensors& file = encoder.file;
  const EncoderShape& shape = encoder.shape;
  const auto linear = [&](std::string_view part, std::int64_t out, std::int64_t in) {
    check_tensor(file, encoder.name_of(l, part) + ".weight", {out, in});
    check_if_there(file, encoder.name_of(l, part) + ".bias", out);
  };
  const std::int64_t q = shape.heads * shape.d, kv = shape.kv_heads * shape.d;
  linear("attention.self.query", q, shape.hidden);
  linear("attention.self.key", kv, shape.hidden);
  linear("attention.self.value", kv, shape.hidden);
  linear("attention.output.dense", shape.hidden, q);
  linear("intermediate.dense", shape.ffn, shape.hidden);
  linear("output.dense", shape.hidden, shape.ffn);
  for (const std::string_view part : {"attention.output.LayerNorm", "output.LayerNorm"})
    for (const std::string_view of : {".weight", ".bias"})
      check_if_there(file, encoder.name_of(l, part).append(of), shape.hidden);
}

Encoder checked_encoder(std::shared_ptr<Stored> encoder, std::span<const std::byte> bytes,
                        const std::string& path) {
  encoder->file = Safetensors::parse(bytes, path);
  try {
    read_names(*encoder);
    read_shape(*encoder);
    check_tensor(encoder->file, std::string(kInput),
                 {encoder->shape.tokens, encoder->shape.hidden});
    for (std::int64_t l = 0; l < encoder->shape.layers; ++l) check_layer(*encoder, l);
  } catch (const UserError& mistake) {
    throw mistake.within(path);
  }
  encoder->sha256 = sha256_hex(bytes);
  return Encoder(std::move(encoder));
}

}  // namespace

bool is_meant_as_encoder(const Safetensors& file) {
  return std::ranges::any_of(file.tensors(), [](const TensorView& tensor) {
    return tensor.name.find(kOfLayers) != std::string::npos;
  });
}

Encoder load_encoder(InputFile file, const std::filesystem::path& path) {
  auto encoder = std::make_shared<Stored>();
  encoder->name = one_line(path.stem().string());
  const auto& stored = encoder->storage.emplace<InputFile>(std::move(file));
  return checked_encoder(encoder, stored.bytes(), path.string());
}

Encoder encoder_from_bytes(std::vector<std::byte> bytes, std::string name) {
  auto encoder = std::make_shared<Stored>();
  encoder->name = std::move(name);
  const auto& stored = encoder->storage.emplace<std::vector<std::byte>>(std::move(bytes));
  return checked_encoder(encoder, stored, encoder->name);
}

}  // namespace hdp
