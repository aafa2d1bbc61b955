// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <hdp/machine/result.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

/// The usual figures of a run. An operation is a multiplication or an addition of QK or PV; the
/// exponentials and divisions of the softmax, and rankings, are none.
struct Performance {
  double gop_per_s = 0;        ///< Of the products that were made.
  double dense_gop_per_s = 0;  ///< As if all products of dense attention had been made.
  std::optional<double> power_w{};
  std::optional<double> energy_delay_js{};
  double mac_utilisation = 0;  ///< Products, in cycles of a multiplier, over all its cycles.
  std::optional<double> ops_per_byte{};  ///< Of the memory; nothing where no byte was moved.
  double bandwidth_share = 0;            ///< Bytes on the bus over what it could have moved.
  double roof_share = 0;                 ///< Of the lower roof, at that many operations a byte,
  std::string_view roof;                 ///< which is that of compute, or of bandwidth.
};
Performance performance_of(const RunResult& run);

/// Of all phases of a run.
std::int64_t total_macs(const Facts& macs);

/// Multiply-adds of dense attention on the workload, and of the layers around it where it has them;
/// of rows, of the unpruned ones.
std::int64_t dense_macs(const Workload& workload);
/// Of them products with V, of the attention alone.
std::int64_t dense_value_macs(const Workload& workload);

}  // namespace hdp
