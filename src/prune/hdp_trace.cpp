// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/prune/hdp_trace.hpp>

namespace hdp {
namespace {

/// Codes of a tensor stored as integers: taken as they are, none beyond the symmetric range.
void take_codes(const Trace& trace, std::int64_t layer, TensorKind kind, FixedPoint format,
                std::span<const double> values, std::span<std::int32_t> codes) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::abs(values[i]) > format.limit())
      throw UserError(
          {.path = fmt::format("{}: {}", trace.name(), tensor_name(layer, kind)),
           .problem = fmt::format("code {} is outside the symmetric range", values[i]),
           .allowed = fmt::format("-{0} to {0} in {1} bits", format.limit(), format.word_bits)});
    codes[i] = static_cast<std::int32_t>(values[i]);
  }
}

/// Codes of values or stored codes; returns how many saturated and sets what a unit is worth.
std::int64_t to_codes(const Trace& trace, std::int64_t layer, TensorKind kind, FixedPoint format,
                      std::span<const double> values, std::span<std::int32_t> codes, double& unit) {
  if (const auto scale = trace.scale(layer, kind)) {
    take_codes(trace, layer, kind, format, values, codes);
    unit = *scale;
    return 0;
  }
  unit = format.unit();
  return quantise(format, values, codes);
}

}  // namespace

HdpFormats hdp_formats(const Trace& trace, const HdpSettings& settings) {
  validate(settings);
  if (settings.fraction_bits) {
    const FixedPoint format{settings.word_bits, *settings.fraction_bits};
    return {format, format};
  }
  std::array<SaturationCounter, 3> counters{SaturationCounter(settings.word_bits),
                                            SaturationCounter(settings.word_bits),
                                            SaturationCounter(settings.word_bits)};
  std::vector<double> values;
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
    const LayerShape& shape = trace.shape(layer);
    for (const TensorKind kind : kTensorKinds) {
      if (trace.scale(layer, kind))
        throw UserError({.path = "/prune/fraction_bits",
                         .problem = fmt::format("auto cannot choose for {}, stored as integers",
                                                tensor_name(layer, kind)),
                         .unit = "bits",
                         .allowed = "a number"});
      values.resize(static_cast<std::size_t>(shape.rows(kind) * shape.d));
      for (std::int64_t head = 0; head < shape.stored_heads(kind); ++head) {
        trace.read_head(layer, kind, head, values);
        counters[static_cast<std::size_t>(kind)].add(values);
      }
    }
  }
  const std::span all(counters);
  return {{settings.word_bits, auto_fraction_bits(all.first(2), settings.max_saturated)},
          {settings.word_bits, auto_fraction_bits(all.last(1), settings.max_saturated)}};
}

void HdpHead::load(const Trace& trace, std::int64_t layer, std::int64_t head,
                   const HdpFormats& formats, const HdpSettings& settings, bool with_values) {
  const LayerShape& shape = trace.shape(layer);
  const std::int64_t kv_head = trace.kv_head(layer, head);
  d = shape.d;
  fraction_bits = formats.qk.fraction_bits;
  load_planes(trace, layer, TensorKind::Q, head, formats.qk, settings, with_values, q);
  load_planes(trace, layer, TensorKind::K, kv_head, formats.qk, settings, with_values, k);

  values_.resize(static_cast<std::size_t>(shape.n_k * shape.d));
  trace.read_head(layer, TensorKind::V, kv_head, values_);
  v_code_.resize(shape.n_k, shape.d);
  double unit = 1;
  v_saturated = to_codes(trace, layer, TensorKind::V, formats.v, values_, v_code_.values(), unit);
  if (!with_values) return;
  v.resize(shape.n_k, shape.d);
  v.eigen() = v_code_.eigen().cast<double>() * unit;
}

void HdpHead::load_planes(const Trace& trace, std::int64_t layer, TensorKind kind,
                          std::int64_t stored, FixedPoint format, const HdpSettings& settings,
                          bool with_fraction, HdpPlanes& planes) {
  const LayerShape& shape = trace.shape(layer);
  const std::int64_t rows = shape.rows(kind);
  values_.resize(static_cast<std::size_t>(rows * shape.d));
  trace.read_head(layer, kind, stored, values_);
  planes.code.resize(rows, shape.d);
  planes.integer.resize(rows, shape.d);
  planes.saturated =
      to_codes(trace, layer, kind, format, values_, planes.code.values(), planes.unit);
  integer_plane(settings.split, format.fraction_bits, planes.code.values(),
                planes.integer.values());
  if (!with_fraction) return;
  planes.fraction.resize(rows, shape.d);
  fraction_plane(format.fraction_bits, planes.code.values(), planes.integer.values(),
                 planes.fraction.values());
}

}  // namespace hdp
