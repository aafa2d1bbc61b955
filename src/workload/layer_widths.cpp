// SPDX-License-Identifier: Apache-2.0
// The widths of the layers around an attention trace: metadata, or a known model.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "workload/metadata.hpp"
#include <hdp/base/error.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 16;  ///< Sums of 8-bit codes fit 32 bits.

std::optional<std::int64_t> width_in(const Metadata& metadata, const std::string& key) {
  return detail::number_in<std::int64_t>(metadata, key, 1, kMost,
                                         fmt::format("a whole number, 1 to {}", kMost));
}

/// Of the model that a synthetic trace is named after.
LayerWidths model_widths(const Metadata& metadata) {
  const auto model = metadata.find("model"), weights = metadata.find("weights");
  if (model == metadata.end() || weights == metadata.end() || weights->second != "none: synthetic")
    return {};
  const auto known = std::ranges::find(model_shapes(), model->second, &ModelShape::name);
  return known == model_shapes().end() ? LayerWidths{} : known->widths;
}

LayerWidths widths_in(const Trace& trace) {
  const Metadata& metadata = trace.metadata();
  LayerWidths widths = model_widths(metadata);
  widths.hidden = width_in(metadata, "hidden").value_or(widths.hidden);
  widths.ffn = width_in(metadata, "ffn").value_or(widths.ffn);
  widths.gated = detail::truth_in(metadata, "gated").value_or(widths.gated);
  return widths;
}

}  // namespace

LayerWidths layer_widths_of(const Workload& workload, const std::optional<std::int64_t>& hidden,
                            const std::optional<std::int64_t>& ffn) {
  LayerWidths widths;
  try {
    if (const Encoder* encoder = workload.encoder()) {
      widths = {encoder->shape().hidden, encoder->shape().ffn, false};
      if (hidden.value_or(widths.hidden) != widths.hidden || ffn.value_or(widths.ffn) != widths.ffn)
        refuse({}, "has weights of its own size",
               fmt::format("hidden {}, ffn {}", widths.hidden, widths.ffn));
      return widths;
    }
    if (workload.rows() != nullptr)
      refuse({}, "holds rows: there are no layers around them", "a trace, a batch or an encoder");
    widths = widths_in(workload.sequences().front());
    widths.hidden = hidden.value_or(widths.hidden);
    widths.ffn = ffn.value_or(widths.ffn);
    if (widths.hidden == 0 || widths.ffn == 0)
      refuse({},
             fmt::format("does not say how wide its layers are: {}",
                         widths.hidden == 0 ? "hidden" : "ffn"),
             "metadata 'hidden' and 'ffn', or --hidden and --ffn");
  } catch (const UserError& mistake) {
    throw mistake.within(workload.name());
  }
  return widths;
}

}  // namespace hdp
