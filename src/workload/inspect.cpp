// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "workload/message.hpp"
#include <hdp/base/error.hpp>
#include <hdp/workload/inspect.hpp>
#include <hdp/workload/magnitude.hpp>

namespace hdp {
namespace {

/// Calls visit(values) for every stored head of one kind, in order.
template <class Visit>
void for_each_head(const Trace& trace, TensorKind kind, Visit visit) {
  std::vector<double> values;
  for (std::int64_t l = 0; l < trace.layers(); ++l) {
    const auto& shape = trace.tensor(l, kind).shape;
    const double unit = trace.scale(l, kind).value_or(1.0);
    values.resize(static_cast<std::size_t>(shape[1] * shape[2]));
    for (std::int64_t h = 0; h < shape[0]; ++h) {
      trace.read_head(l, kind, h, values);
      for (double& value : values) value *= unit;
      visit(values);
    }
  }
}

/// for_each(visit) hands out the values in parts, twice the same.
template <class ForEach>
void summarise_parts(ForEach for_each, ValueSummary& summary) {
  std::array<std::int64_t, kPowers> beyond{};
  double sum = 0;
  for_each([&](const std::vector<double>& values) {
    summary.count += std::ssize(values);
    for (const double value : values) {
      sum += value;
      summary.max_abs = std::max(summary.max_abs, std::abs(value));
      for (std::size_t p = 0; p < kPowers; ++p) {
        beyond[p] += std::abs(value) > static_cast<double>(1U << p) ? 1 : 0;
      }
    }
  });
  const auto count = static_cast<double>(std::max<std::int64_t>(1, summary.count));
  summary.mean = sum / count;
  double squares = 0;
  for_each([&](const std::vector<double>& values) {
    for (const double value : values) squares += (value - summary.mean) * (value - summary.mean);
  });
  summary.standard_deviation = std::sqrt(squares / count);
  for (std::size_t p = 0; p < kPowers; ++p) {
    summary.share_beyond[p] = static_cast<double>(beyond[p]) / count;
  }
}

KindSummary summary_of(const Trace& trace, TensorKind kind) {
  KindSummary summary;
  summary.kind = kind;
  summarise_parts([&](auto visit) { for_each_head(trace, kind, visit); }, summary);
  return summary;
}

}  // namespace

std::vector<TensorRow> tensor_rows(const Safetensors& file) {
  std::vector<TensorRow> rows;
  for (const TensorView& tensor : file.tensors()) {
    rows.push_back({tensor.name, tensor.type, tensor.shape, std::ssize(tensor.bytes)});
  }
  return rows;
}

std::array<KindSummary, kTensorKinds.size()> summarise(const Trace& trace) {
  std::array<KindSummary, kTensorKinds.size()> summaries;
  std::ranges::transform(kTensorKinds, summaries.begin(),
                         [&](TensorKind kind) { return summary_of(trace, kind); });
  return summaries;
}

ValueSummary summarise(const TensorView& tensor) {
  if (const auto bad = first_out_of_range(tensor.type, tensor.bytes))
    refuse(detail::tensor_label(tensor.name),
           fmt::format("value {} at {}", text_of(*bad), bad->index), std::string(kValuesAllowed));
  std::vector<double> values(tensor.bytes.size() / size_of(tensor.type));
  widen(tensor.type, tensor.bytes, values);
  ValueSummary summary;
  summarise_parts([&](auto visit) { visit(values); }, summary);
  return summary;
}

}  // namespace hdp
