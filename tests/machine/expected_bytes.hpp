// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include "machine/bench.hpp"

namespace hdp::test {

/// Bytes that HDP reads for one planned head, from sets of keys: by head where a tensor stays, by
/// strip where it does not, by row of blocks without reuse.
class ExpectedBytes {
 public:
  ExpectedBytes(const HdpConfig& config, const Layout& layout, const HdpPlan& plan)
      : config_(config), layout_(layout), plan_(plan) {}

  [[nodiscard]] TensorBytes read() const {
    TensorBytes bytes{};
    const auto add = [&](Tensor tensor, std::int64_t rows, std::int64_t row_bytes) {
      bytes[static_cast<std::size_t>(tensor)] += rows * row_bytes;
    };
    const Problem& problem = plan_.problem;
    const std::int64_t integer = layout_.integer_row_bytes, fraction = layout_.fraction_row_bytes;
    add(Tensor::QInt, problem.queries, integer);
    add(Tensor::KInt, integer_keys(), integer);
    if (!plan_.head_kept) return bytes;
    const bool needs_integers = fraction != 0 || !layout_.keep_scores;
    if (needs_integers && !layout_.q_int_resident) add(Tensor::QInt, problem.queries, integer);
    if (needs_integers && !layout_.k_int_resident) add(Tensor::KInt, kept_keys(false), integer);
    add(Tensor::QFrac, problem.queries, fraction);
    if (fraction != 0) add(Tensor::KFrac, kept_keys(layout_.k_frac_resident), fraction);
    add(Tensor::V,
        config_.prune.masked == Masked::Zero ? visible_keys() : kept_keys(layout_.v_resident),
        layout_.word_row_bytes);
    return bytes;
  }

 private:
  [[nodiscard]] std::int64_t rows() const { return config_.core.pe_array.rows; }
  [[nodiscard]] std::int64_t visible_in_strip(std::int64_t top) const {
    return plan_.problem.visible(std::min(top + rows(), plan_.problem.queries) - 1);
  }
  /// Keys of whole tiles, streamed for every strip or once.
  [[nodiscard]] std::int64_t integer_keys() const {
    std::int64_t streamed = 0, once = 0;
    const std::int64_t columns = config_.core.pe_array.columns;
    for (std::int64_t top = 0; top < plan_.problem.queries; top += rows()) {
      const std::int64_t tiles = (visible_in_strip(top) + columns - 1) / columns;
      once = std::min(tiles * columns, plan_.problem.keys);
      streamed += once;
    }
    return layout_.k_int_resident ? once : streamed;
  }
  [[nodiscard]] std::int64_t visible_keys() const {
    std::int64_t streamed = 0;
    for (std::int64_t top = 0; top < plan_.problem.queries; top += rows())
      streamed += visible_in_strip(top);
    return layout_.v_resident && config_.core.fetch.reuse ? plan_.problem.keys : streamed;
  }
  [[nodiscard]] std::int64_t kept_keys(bool resident) const {
    const std::int64_t b = plan_.block_size;
    const bool reuse = config_.core.fetch.reuse;
    std::set<std::pair<std::int64_t, std::int64_t>> fetched;  // (who keeps it, key)
    for (std::int64_t i = 0; i < plan_.problem.queries; ++i) {
      const std::int64_t owner = !reuse ? i / b : resident ? 0 : i / rows();
      for (std::int64_t key = 0; key < plan_.problem.visible(i); ++key)
        if (plan_.mask.kept(i / b, key / b)) fetched.insert({owner, key});
    }
    return static_cast<std::int64_t>(fetched.size());
  }

  const HdpConfig& config_;
  const Layout& layout_;
  const HdpPlan& plan_;
};

}  // namespace hdp::test
