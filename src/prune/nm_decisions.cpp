// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include <hdp/base/parallel.hpp>
#include <hdp/prune/nm_decisions.hpp>

namespace hdp {

void NmCounts::add(const NmCounts& other) {
  groups += other.groups;
  kept += other.kept;
  total += other.total;
  bits += other.bits;
  dense_bits += other.dense_bits;
}

BitMatrix nm_mask(MatrixView<const double> weights, const NmSettings& settings) {
  const bool down = settings.axis == 0;
  const std::int64_t length = down ? weights.rows() : weights.columns();
  const std::int64_t lines = down ? weights.columns() : weights.rows();
  BitMatrix mask(weights.rows(), weights.columns());
  std::vector<std::pair<double, std::int64_t>> group;  // -|w|, index
  for (std::int64_t first = 0; first < length; first += settings.m)
    for (std::int64_t line = 0; line < lines; ++line) {
      group.clear();
      for (std::int64_t i = first; i < std::min(first + settings.m, length); ++i) {
        const double weight = down ? weights.row(i)[static_cast<std::size_t>(line)]
                                   : weights.row(line)[static_cast<std::size_t>(i)];
        group.emplace_back(-std::abs(weight), i);
      }
      const auto kept = group.begin() + std::min(settings.n, std::ssize(group));
      std::ranges::nth_element(group, kept);
      for (auto weight = group.begin(); weight != kept; ++weight)
        down ? mask.set(weight->second, line) : mask.set(line, weight->second);
    }
  return mask;
}

NmCounts nm_counts(std::int64_t rows, std::int64_t columns, const NmSettings& settings) {
  const std::int64_t length = settings.axis == 0 ? rows : columns;
  const std::int64_t lines = settings.axis == 0 ? columns : rows;
  const std::int64_t whole = length / settings.m, last = length % settings.m;
  NmCounts counts;
  counts.groups = lines * (whole + (last > 0 ? 1 : 0));
  counts.kept = lines * (whole * settings.n + std::min(settings.n, last));
  counts.total = rows * columns;
  counts.bits = counts.groups * (settings.n * settings.bits + settings.m);
  counts.dense_bits = counts.total * settings.bits;
  return counts;
}

NmDecisions decide_nm(const Weights& weights, const NmSettings& settings, unsigned threads) {
  NmDecisions decisions;
  decisions.matrices.resize(weights.matrices().size());
  parallel_for(decisions.matrices.size(), threads, [&](std::size_t t) {
    const TensorView& tensor = *weights.matrices()[t];
    const Matrix<double> values = read_matrix(tensor);
    decisions.matrices[t] = {tensor.name, tensor.shape, nm_mask(values.view(), settings).sha256(),
                             nm_counts(tensor.shape[0], tensor.shape[1], settings)};
  });
  for (const NmMatrix& matrix : decisions.matrices) decisions.total.add(matrix.counts);
  return decisions;
}

}  // namespace hdp
