// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "workload/safetensors_header.hpp"
#include "workload/synthetic_plan.hpp"
#include <hdp/base/random.hpp>
#include <hdp/workload/half.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp {
namespace {

constexpr double kOutlierOffset = 10.0;

using detail::SyntheticPlan;
using Rows = std::vector<double>;  // row by row, d values each

RandomStream stream(const SyntheticPlan& plan, std::int64_t layer, TensorKind kind,
                    std::int64_t head, std::string_view part) {
  return {static_cast<std::uint64_t>(plan.config.seed),
          fmt::format("synthetic.{}.{}.{}", tensor_name(layer, kind), head, part)};
}

Rows normal_rows(RandomStream random, std::int64_t rows, std::int64_t d) {
  Rows values(static_cast<std::size_t>(rows * d));
  for (double& value : values) value = random.normal();
  return values;
}

/// The offset of every channel of a K head: 0 but for `outliers` different ones.
Rows offsets(const SyntheticPlan& plan, std::int64_t layer, std::int64_t head) {
  RandomStream random = stream(plan, layer, TensorKind::K, head, "outliers");
  Rows values(static_cast<std::size_t>(plan.shape.d), 0.0);
  for (std::int64_t left = plan.config.outliers; left > 0;) {
    double& value = values[random.below(values.size())];
    if (value != 0) continue;
    value = random.below(2) == 0 ? kOutlierOffset : -kOutlierOffset;
    --left;
  }
  return values;
}

Rows keys(const SyntheticPlan& plan, std::int64_t layer, std::int64_t head,
          const Rows& directions) {
  const Rows offset = offsets(plan, layer, head);
  Rows values(directions.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = plan.config.spread * directions[i] + offset[i % offset.size()];
  }
  return values;
}

Rows queries(const SyntheticPlan& plan, std::int64_t layer, std::int64_t head,
             const Rows& directions) {
  const std::int64_t n_q = plan.shape.n_q;
  const std::int64_t n_k = plan.shape.n_k;
  const std::int64_t d = plan.shape.d;
  const SyntheticConfig& config = plan.config;
  RandomStream random = stream(plan, layer, TensorKind::Q, head, "matches");
  Rows values = normal_rows(stream(plan, layer, TensorKind::Q, head, "rows"), n_q, d);
  for (double& value : values) value *= config.spread;
  const double unit = 1.0 / (config.spread * std::sqrt(static_cast<double>(d)));
  for (std::int64_t i = 0; i < n_q; ++i) {
    const auto pull = [&](std::int64_t key, double strength) {
      for (std::int64_t c = 0; c < d; ++c) {
        values[static_cast<std::size_t>(i * d + c)] +=
            strength * directions[static_cast<std::size_t>(key * d + c)];
      }
    };
    const std::int64_t visible = plan.causal ? i + n_k - n_q + 1 : n_k;
    for (std::int64_t m = 0; m < config.matches; ++m) {
      const auto key = random.below(static_cast<std::uint64_t>(visible));
      pull(static_cast<std::int64_t>(key), config.peak * unit);
    }
    pull(0, config.sink * unit);
  }
  return values;
}

/// Appends rows as F16 codes to a file in the making.
class Writer {
 public:
  Writer(std::string_view header, std::size_t data_size)
      : bytes_(header.size() + data_size), end_(header.size()) {
    std::memcpy(bytes_.data(), header.data(), header.size());
  }
  void append(const Rows& values) {
    for (const double value : values) {
      const std::uint16_t code = narrow_f16(value);
      std::memcpy(bytes_.data() + end_, &code, sizeof code);
      end_ += sizeof code;
    }
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
  std::size_t end_;
};

void write_layer(const SyntheticPlan& plan, std::int64_t layer, Writer& out) {
  const LayerShape& s = plan.shape;
  const auto directions = [&](std::int64_t kv_head) {
    return normal_rows(stream(plan, layer, TensorKind::K, kv_head, "rows"), s.n_k, s.d);
  };
  const std::int64_t group = s.heads / s.kv_heads;
  for (std::int64_t kv_head = 0; kv_head < s.kv_heads; ++kv_head) {
    const Rows shared = directions(kv_head);
    for (std::int64_t h = kv_head * group; h < (kv_head + 1) * group; ++h) {
      out.append(queries(plan, layer, h, shared));
    }
  }
  // Drawn again rather than kept: all heads of a layer at once would be large.
  for (std::int64_t h = 0; h < s.kv_heads; ++h) out.append(keys(plan, layer, h, directions(h)));
  for (std::int64_t h = 0; h < s.kv_heads; ++h) {
    out.append(normal_rows(stream(plan, layer, TensorKind::V, h, "rows"), s.n_k, s.d));
  }
}

}  // namespace

Trace make_synthetic(const SyntheticConfig& config) {
  const SyntheticPlan plan = detail::plan_of(config);
  const LayerShape& s = plan.shape;
  std::vector<TensorView> tensors;
  std::int64_t elements = 0;
  for (std::int64_t l = 0; l < plan.layers; ++l) {
    for (const TensorKind kind : kTensorKinds) {
      tensors.push_back({.name = tensor_name(l, kind),
                         .shape = {s.stored_heads(kind), s.rows(kind), s.d},
                         .bytes = {}});
      elements += s.stored_heads(kind) * s.rows(kind) * s.d;
    }
  }
  Writer out(detail::write_header(tensors, detail::metadata_of(plan)),
             static_cast<std::size_t>(elements) * sizeof(std::uint16_t));
  for (std::int64_t l = 0; l < plan.layers; ++l) write_layer(plan, l, out);
  return trace_from_bytes(out.take(), synthetic_name(config));
}

}  // namespace hdp
