// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hdp/workload/trace.hpp>

namespace hdp {

/// One tensor of a file as it is stored.
struct TensorRow {
  std::string name;
  ElementType type = ElementType::F16;
  std::vector<std::int64_t> shape;
  std::int64_t bytes = 0;
  friend bool operator==(const TensorRow&, const TensorRow&) = default;
};

/// Powers of two that magnitudes are held against: 2^0 .. 2^7.
inline constexpr std::size_t kPowers = 8;

/// How values are distributed, in double; integers count times their scale.
struct ValueSummary {
  std::int64_t count = 0;
  double max_abs = 0;
  double mean = 0;
  double standard_deviation = 0;               ///< Of the population.
  std::array<double, kPowers> share_beyond{};  ///< [p]: share of values with |x| > 2^p.
};

/// The values of all tensors of one kind.
struct KindSummary : ValueSummary {
  TensorKind kind = TensorKind::Q;
};

/// The tensors of any file, in the order of their data.
std::vector<TensorRow> tensor_rows(const Safetensors& file);

/// Q, K and V over all layers and heads of a trace, in double.
std::array<KindSummary, kTensorKinds.size()> summarise(const Trace& trace);

/// One tensor of any file, integers as their codes. UserError where it holds NaN or infinity.
ValueSummary summarise(const TensorView& tensor);

}  // namespace hdp
