// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <hdp/numeric/integer_product.hpp>
#include <hdp/prune/hdp_trace.hpp>

namespace hdp {

HdpFormats hdp_formats(const Trace& trace, const HdpSettings& settings) {
  return hdp_formats(std::span(&trace, 1), settings);
}

HdpFormats hdp_formats(std::span<const Trace> traces, const HdpSettings& settings) {
  validate(settings);
  if (settings.fraction_bits) {
    const FixedPoint format{settings.word_bits, *settings.fraction_bits};
    return {format, format};
  }
  std::array<SaturationCounter, 3> counters{SaturationCounter(settings.word_bits),
                                            SaturationCounter(settings.word_bits),
                                            SaturationCounter(settings.word_bits)};
  Matrix<double> values;
  for (const Trace& trace : traces) {
    for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
      const LayerShape& shape = trace.shape(layer);
      for (const TensorKind kind : kTensorKinds) {
        for (std::int64_t head = 0; head < shape.stored_heads(kind); ++head) {
          read_values(trace, layer, kind, head, values);
          counters[static_cast<std::size_t>(kind)].add(values.values());
        }
      }
    }
  }
  const std::span all(counters);
  const std::int64_t qk = auto_fraction_bits(all.first(2), settings.max_saturated);
  if (settings.probability) fraction_chunks(settings, qk);
  return {{settings.word_bits, qk},
          {settings.word_bits, auto_fraction_bits(all.last(1), settings.max_saturated)}};
}

std::vector<FixedPoint> possible_formats(const HdpSettings& settings) {
  if (settings.fraction_bits) return {{settings.word_bits, *settings.fraction_bits}};
  const SaturationCounter candidates(settings.word_bits);
  std::vector<FixedPoint> formats;
  for (std::size_t i = 0; i < SaturationCounter::kCandidates; ++i)
    formats.push_back({settings.word_bits, candidates.fraction_bits(i)});
  return formats;
}

void HdpHead::load(const Trace& trace, std::int64_t layer, std::int64_t head,
                   const HdpFormats& formats, const HdpSettings& settings, bool with_values) {
  const LayerShape& shape = trace.shape(layer);
  const std::int64_t kv_head = trace.kv_head(layer, head);
  d = shape.d;
  fraction_bits = formats.qk.fraction_bits;
  load_planes(trace, layer, TensorKind::Q, head, formats.qk, settings, with_values, q);
  load_planes(trace, layer, TensorKind::K, kv_head, formats.qk, settings, with_values, k);

  read_values(trace, layer, TensorKind::V, kv_head, values_);
  v_code_.resize(shape.n_k, shape.d);
  v_saturated = quantise(formats.v, values_.values(), v_code_.values());
  if (!with_values) return;
  v.resize(shape.n_k, shape.d);
  v.eigen() = v_code_.eigen().cast<double>() * formats.v.unit();
}

void HdpHead::load_planes(const Trace& trace, std::int64_t layer, TensorKind kind,
                          std::int64_t stored, FixedPoint format, const HdpSettings& settings,
                          bool with_fraction, HdpPlanes& planes) {
  const LayerShape& shape = trace.shape(layer);
  const std::int64_t rows = shape.rows(kind);
  read_values(trace, layer, kind, stored, values_);
  planes.code.resize(rows, shape.d);
  planes.integer.resize(rows, shape.d);
  planes.saturated = quantise(format, values_.values(), planes.code.values());
  integer_plane(settings.split, format.fraction_bits, planes.code.values(),
                planes.integer.values());
  planes.integer_is_zero = max_abs(std::as_const(planes.integer).values()) == 0;
  if (!with_fraction) return;
  planes.fraction.resize(rows, shape.d);
  fraction_plane(format.fraction_bits, planes.code.values(), planes.integer.values(),
                 planes.fraction.values());
}

}  // namespace hdp
