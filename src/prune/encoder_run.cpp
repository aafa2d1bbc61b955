// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>

#include <hdp/base/parallel.hpp>
#include <hdp/prune/encoder_run.hpp>
#include <hdp/prune/nm_decisions.hpp>
#include <hdp/workload/make_trace.hpp>

namespace hdp {
namespace {

void mask(Matrix<double>& weights, const NmSettings& settings) {
  const BitMatrix kept = nm_mask(weights.view(), settings);
  for (std::int64_t i = 0; i < weights.rows(); ++i)
    for (std::int64_t j = 0; j < weights.columns(); ++j)
      if (!kept.get(i, j)) weights.row(i)[static_cast<std::size_t>(j)] = 0;
}

/// Heads of [n, heads * d], one matrix each.
std::vector<Matrix<double>> heads_of(const Matrix<double>& heads, std::int64_t d) {
  std::vector<Matrix<double>> each;
  for (std::int64_t first = 0; first < heads.columns(); first += d) {
    each.emplace_back(heads.rows(), d);
    each.back().eigen() = heads.eigen().middleCols(first, d);
  }
  return each;
}

std::vector<MatrixView<const double>> views_of(const std::vector<Matrix<double>>& heads) {
  std::vector<MatrixView<const double>> views;
  for (const Matrix<double>& head : heads) views.push_back(head.view());
  return views;
}

/// Q, K and V of the layers so far.
class TraceMaker {
 public:
  explicit TraceMaker(const EncoderShape& shape) : d_(shape.d) {
    heads_.reserve(static_cast<std::size_t>(3 * shape.layers));  // views stay valid
  }
  void add(const EncoderActivations& made) {
    LayerMatrices layer;
    layer.q = keep(made.q);
    layer.k = keep(made.k);
    layer.v = keep(made.v);
    layers_.push_back(std::move(layer));
  }
  [[nodiscard]] Trace trace(const Encoder& encoder) const {
    return make_trace({.name = encoder.name(), .causal = encoder.shape().causal}, layers_);
  }

 private:
  std::vector<MatrixView<const double>> keep(const Matrix<double>& all) {
    return views_of(heads_.emplace_back(heads_of(all, d_)));
  }
  std::int64_t d_;
  std::vector<std::vector<Matrix<double>>> heads_;
  std::vector<LayerMatrices> layers_;
};

}  // namespace

EncoderLayer with_masks(EncoderLayer layer, std::int64_t kept, std::int64_t of) {
  if (of == 0) return layer;
  const NmSettings settings{.n = kept, .m = of, .axis = 1};
  for (Linear* linear : {&layer.query, &layer.key, &layer.value, &layer.attention_output,
                         &layer.intermediate, &layer.output})
    mask(linear->weights, settings);
  return layer;
}

EncoderRun run_encoder(const Encoder& encoder, const EncoderSettings& settings, bool compare,
                       unsigned threads) {
  // The three runs of a layer need each other only layer by layer.
  enum Run { Played, Masked, Dense };
  const bool masked = compare && settings.of != 0;
  const std::size_t runs = !compare ? 1 : 3;
  std::vector<Matrix<double>> x(runs, encoder.input());
  TraceMaker maker(encoder.shape());
  std::vector<EncoderLayerError> errors;
  for (std::int64_t l = 0; l < encoder.shape().layers; ++l) {
    const EncoderLayer whole = encoder.layer(l);
    const EncoderLayer pruned = with_masks(whole, settings.kept, settings.of);
    std::vector<EncoderActivations> made(runs);
    parallel_for(runs, threads, [&](std::size_t r) {
      if (r == Played) made[r] = quantised_encoder_layer(x[r].view(), pruned, settings.bits);
      if (r == Dense) made[r] = dense_encoder_layer(x[r].view(), whole);
      if (r == Masked && masked) made[r] = dense_encoder_layer(x[r].view(), pruned);
    });
    maker.add(made[Played]);
    if (compare) {
      const Matrix<double>& dense = made[Dense].output;
      EncoderLayerError& error = errors.emplace_back();
      error.all.add(made[Played].output.values(), dense.values());
      error.masks.add((masked ? made[Masked].output : dense).values(), dense.values());
    }
    for (std::size_t r = 0; r < runs; ++r) x[r] = std::move(made[r].output);
  }
  return {maker.trace(encoder), std::move(errors)};
}

}  // namespace hdp
