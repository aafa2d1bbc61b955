// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "toy/config.hpp"
#include <hdp/machine/machine.hpp>
#include <hdp/prune/problem.hpp>

namespace toy {

/// A head of a problem, or a row: loaded, then computed; one after another.
struct HeadWork {
  std::int64_t layer = 0, number = 0, head = 0;
  hdp::Problem problem;
  std::int64_t q_bytes = 0, k_bytes = 0, v_bytes = 0;
  std::int64_t kept = 0, dropped = 0, score_macs = 0, value_macs = 0;
  hdp::Cycles load{}, compute{};
};

/// UserError where the buffer does not hold what is kept of a head.
std::vector<HeadWork> work_of(const ToyConfig& config, const hdp::Workload& workload);

const hdp::UnitKind& toy_array_kind();

class ToySession final : public hdp::Session {
 public:
  ToySession(const ToyConfig& config, const hdp::Workload& workload,
             const hdp::PlayOptions& options);
  void run_until(hdp::Cycle end) override;
  [[nodiscard]] bool done() const override { return next_ == work_.size(); }
  [[nodiscard]] hdp::Cycle now() const override { return now_; }

 private:
  hdp::RunResult take_result() override { return std::move(result_); }
  void finish(const HeadWork& head);
  void compare(const HeadWork& head);
  void close();

  const ToyConfig& config_;
  const hdp::Trace* trace_;
  const hdp::PlayOptions options_;
  std::vector<HeadWork> work_;
  std::size_t next_ = 0;
  hdp::Cycle now_{}, head_start_{}, end_{};
  HeadWork sum_;
  hdp::RunResult result_;
};

}  // namespace toy
