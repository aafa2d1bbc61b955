// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hdp/base/digest.hpp>
#include <hdp/numeric/bit_matrix.hpp>
#include <hdp/numeric/matrix.hpp>
#include <hdp/prune/leopard_decisions.hpp>
#include <hdp/prune/leopard_head.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {

/// Takes down what one head does, query by query, in their order.
class LeopardRecord {
 public:
  /// `fidelity`: outputs are computed, and compared with dense attention.
  LeopardRecord(const Trace& trace, std::int64_t layer, std::int64_t head,
                const LeopardSettings& settings, bool fidelity);

  void begin(const LeopardHead& head, std::int64_t threshold);
  void add(std::int64_t query, const BitSerialQuery& decided, const LeopardHead& head);
  /// The pairs that survive so far, [n_q, n_k].
  [[nodiscard]] const BitMatrix& survivors() const { return survivors_; }
  LeopardHeadDecisions finish(const Trace& trace, std::span<const Problem> problems);

 private:
  std::int64_t layer_;
  bool fidelity_;
  LeopardHeadDecisions result_;
  BitMatrix survivors_;
  Sha256 steps_digest_, score_digest_;
  std::vector<std::int64_t> steps_, kept_;  ///< Of a query: by key, and scores of survivors.
  std::vector<bool> computed_;
  Matrix<double> out_;  ///< Empty without fidelity.
};

}  // namespace hdp
