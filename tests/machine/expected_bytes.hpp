// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <tuple>

#include "machine/bench.hpp"

namespace hdp::test {

/// Who brings rows of K and V in together, where they do not stay.
enum class Sharing { Slice, Strip };

/// Bytes that HDP reads for planned heads, from sets of keys: by slice where a tensor stays, by row
/// of blocks without reuse; where it streams as `sharing` says.
class ExpectedBytes {
 public:
  ExpectedBytes(const HdpConfig& config, const Layout& layout, const std::vector<HdpPlan>& plans)
      : config_(config), layout_(layout), plans_(plans) {}

  [[nodiscard]] TensorBytes read(Sharing sharing) const {
    TensorBytes bytes{};
    const auto add = [&](Tensor tensor, std::int64_t rows, std::int64_t row_bytes) {
      bytes[static_cast<std::size_t>(tensor)] += rows * row_bytes;
    };
    const std::int64_t integer = layout_.integer_row_bytes, fraction = layout_.fraction_row_bytes;
    const bool needs_integers = layout_.has_fractions() || !layout_.keep_scores;
    for (const HdpPlan& plan : plans_) {
      add(Tensor::QInt, plan.problem.queries, integer);
      if (!plan.head_kept) continue;
      if (needs_integers && !layout_.q_int_resident)
        add(Tensor::QInt, plan.problem.queries, integer);
      if (layout_.has_fractions()) add(Tensor::QFrac, plan.problem.queries, fraction);
    }
    const auto rows = [&](bool stays, bool kept_only) {
      return keys(stays ? Sharing::Slice : sharing, kept_only, config_.core.fetch.reuse);
    };
    add(Tensor::KInt, tiles(layout_.k_int_resident ? Sharing::Slice : sharing), integer);
    if (needs_integers && !layout_.k_int_resident) add(Tensor::KInt, rows(false, true), integer);
    if (layout_.has_fractions()) add(Tensor::KFrac, rows(layout_.k_frac_resident, true), fraction);
    add(Tensor::V,
        config_.prune.masked == Masked::Zero
            ? keys(layout_.v_resident ? Sharing::Slice : sharing, false, true)
            : rows(layout_.v_resident, true),
        layout_.word_row_bytes);
    return bytes;
  }

 private:
  using Owner = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // slice, head, rows

  [[nodiscard]] std::int64_t slice_of(std::size_t head) const {
    const auto h = static_cast<std::int64_t>(head);
    const std::int64_t group = layout_.shape.heads / layout_.shape.kv_heads;
    return h / group * 1000 + h % group / layout_.slice_heads;
  }
  /// Keys of whole tiles.
  [[nodiscard]] std::int64_t tiles(Sharing sharing) const {
    std::set<std::pair<Owner, std::int64_t>> fetched;
    const std::int64_t columns = config_.core.pe_array.columns, rows = layout_.strip_rows;
    for (std::size_t h = 0; h < plans_.size(); ++h) {
      const Problem& problem = plans_[h].problem;
      for (std::int64_t i = 0; i < problem.queries; ++i) {
        const std::int64_t last = std::min((i / rows + 1) * rows, problem.queries) - 1;
        const std::int64_t end =
            std::min(problem.keys, (problem.visible(last) + columns - 1) / columns * columns);
        for (std::int64_t key = 0; key < end; ++key)
          fetched.insert({owner(sharing, h, i / rows), key});
      }
    }
    return static_cast<std::int64_t>(fetched.size());
  }
  [[nodiscard]] std::int64_t keys(Sharing sharing, bool kept_only, bool reuse) const {
    std::set<std::pair<Owner, std::int64_t>> fetched;
    for (std::size_t h = 0; h < plans_.size(); ++h) {
      const HdpPlan& plan = plans_[h];
      if (!plan.head_kept) continue;
      const std::int64_t b = plan.block_size, rows = layout_.strip_rows;
      for (std::int64_t i = 0; i < plan.problem.queries; ++i) {
        const Owner who =
            reuse ? owner(sharing, h, i / rows) : Owner{0, static_cast<std::int64_t>(h), i / b};
        for (std::int64_t key = 0; key < plan.problem.visible(i); ++key)
          if (!kept_only || plan.mask.kept(i / b, key / b)) fetched.insert({who, key});
      }
    }
    return static_cast<std::int64_t>(fetched.size());
  }
  [[nodiscard]] Owner owner(Sharing sharing, std::size_t head, std::int64_t strip) const {
    if (sharing == Sharing::Slice) return {slice_of(head), 0, 0};
    return {0, static_cast<std::int64_t>(head), strip};
  }

  const HdpConfig& config_;
  const Layout& layout_;
  const std::vector<HdpPlan>& plans_;
};

}  // namespace hdp::test
