// SPDX-License-Identifier: Apache-2.0
#include "tiny_trace.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <vector>

#include <support/tensor_file.hpp>

#include <hdp/base/random.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/schema.hpp>
#include <hdp/workload/half.hpp>

namespace hdp::fuzz {
namespace {

struct TinyTrace {
  Stage stage = Stage::Prefill;
  bool causal = true;
  std::int64_t layers = 1, heads = 2, kv_heads = 1, queries = 5, context = 7, size = 4;
  ElementType type = ElementType::F32;
  double spread = 2, scale = 0.03125;
  std::int64_t seed = 1;

  static constexpr auto kFields =
      std::tuple{Field{&TinyTrace::stage, "stage", "", "Prefill or decode."},
                 Field{&TinyTrace::causal, "causal", "", "Mask of a prefill."},
                 Field{&TinyTrace::layers, "layers", "", "Layers.", Range{1, 2}},
                 Field{&TinyTrace::heads, "heads", "", "Query heads.", Range{1, 4}},
                 Field{&TinyTrace::kv_heads, "kv_heads", "", "Heads of K and V.", Range{1, 4}},
                 Field{&TinyTrace::queries, "queries", "", "Queries.", Range{1, 16}},
                 Field{&TinyTrace::context, "context", "",
                       "Keys before the first query, in decode.", Range{0, 24}},
                 Field{&TinyTrace::size, "size", "", "Elements of a vector.", Range{1, 8}},
                 Field{&TinyTrace::type, "type", "", "Type of the elements."},
                 Field{&TinyTrace::spread, "spread", "", "Standard deviation.", Range{0, 1e4}},
                 Field{&TinyTrace::scale, "scale", "", "Of integers.", Range{1e-6, 1e3}},
                 Field{&TinyTrace::seed, "seed", "", "Of the values.", Range{0, 1e6}}};
};

template <class Stored>
void append(Stored value, std::vector<std::byte>& bytes) {
  const auto stored = std::as_bytes(std::span(&value, 1));
  bytes.insert(bytes.end(), stored.begin(), stored.end());
}

template <class Integer>
Integer code_of(double value) {
  using Limits = std::numeric_limits<Integer>;
  return static_cast<Integer>(
      std::clamp<double>(std::nearbyint(value), Limits::min(), Limits::max()));
}

void append_value(const TinyTrace& settings, double value, std::vector<std::byte>& bytes) {
  switch (settings.type) {
    case ElementType::F16:
      return append(narrow_f16(value), bytes);
    case ElementType::BF16: {
      const auto single = std::bit_cast<std::uint32_t>(static_cast<float>(value));
      return append(static_cast<std::uint16_t>(single >> 16U), bytes);
    }
    case ElementType::F32:
      return append(static_cast<float>(value), bytes);
    case ElementType::F64:
      return append(value, bytes);
    case ElementType::I8:
      return append(code_of<std::int8_t>(value / settings.scale), bytes);
    case ElementType::I16:
      return append(code_of<std::int16_t>(value / settings.scale), bytes);
    case ElementType::I32:
      return append(code_of<std::int32_t>(value / settings.scale), bytes);
  }
}

std::vector<std::byte> file_of(const TinyTrace& settings) {
  test::TraceFile file;
  const bool decode = settings.stage == Stage::Decode;
  file.metadata = {{"stage", std::string(name_of(settings.stage))},
                   {"causal", settings.causal || decode ? "true" : "false"}};
  if (decode) {
    file.metadata.emplace("n_ctx", std::to_string(settings.context));
    file.metadata.emplace("steps", std::to_string(settings.queries));
  }
  if (is_integer(settings.type)) file.metadata.emplace("scale", std::to_string(settings.scale));
  RandomStream random(static_cast<std::uint64_t>(settings.seed), "tiny trace");
  for (std::int64_t layer = 0; layer < settings.layers; ++layer)
    for (const TensorKind kind : kTensorKinds) {
      const bool q = kind == TensorKind::Q;
      const std::int64_t heads = q ? settings.heads : settings.kv_heads;
      const std::int64_t rows = settings.queries + (q || !decode ? 0 : settings.context);
      std::vector<std::byte> bytes;
      for (std::int64_t i = 0; i < heads * rows * settings.size; ++i)
        append_value(settings, settings.spread * random.normal(), bytes);
      file.add(tensor_name(layer, kind), {heads, rows, settings.size}, settings.type,
               std::move(bytes));
    }
  return file.bytes();
}

TinyTrace read(const Facts& settings) {
  TinyTrace trace;
  read_settings(trace, facts_text(settings, -1), "trace");
  return trace;
}

}  // namespace

const Facts& tiny_trace_schema() {
  static const Facts kSchema =
      *parse_facts(write_schema<TinyTrace>("tiny trace"), "schema").as<Facts>();
  return kSchema;
}

std::string tiny_trace_bytes(const Facts& settings) {
  const std::vector<std::byte> bytes = file_of(read(settings));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Trace tiny_trace(const Facts& settings) {
  return trace_from_bytes(file_of(read(settings)), "tiny");
}

}  // namespace hdp::fuzz
