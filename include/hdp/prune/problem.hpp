// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <hdp/workload/trace.hpp>

namespace hdp {

/// Queries that are decided on together. A prefill trace is one problem, a decode trace has one a
/// step: a single query, which sees all `keys`.
struct Problem {
  std::int64_t first_query = 0;
  std::int64_t queries = 0;
  std::int64_t keys = 0;
  bool causal = false;

  /// Keys that query i of the problem sees: always the first ones.
  [[nodiscard]] std::int64_t visible(std::int64_t i) const {
    return causal ? i + 1 + keys - queries : keys;
  }
  /// Allowed (query, key) pairs.
  [[nodiscard]] std::int64_t entries() const {
    return causal ? queries * (visible(0) + visible(queries - 1)) / 2 : queries * keys;
  }
};

/// The problems of a layer of `trace`, in order. A prefill trace is causal if it says so itself.
std::vector<Problem> problems(const Trace& trace, std::int64_t layer);
/// The same with another word on `causal`; decode stays causal. n_q > n_k is a UserError then.
std::vector<Problem> problems(const Trace& trace, std::int64_t layer, bool causal);

}  // namespace hdp
