// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/config/field.hpp>

namespace hdp {

/// What became of a target. Nearest: whole counts, and the steps of the knob, allow no nearer
/// value. Held: what stands there is none of this knob's doing. OutOfReach: beyond what the knobs
/// can do.
enum class Reach : std::uint8_t { Reached, Nearest, Held, OutOfReach };
template <>
struct EnumNames<Reach> {
  static constexpr std::array<std::string_view, 4> kNames{"reached", "nearest", "held",
                                                          "out_of_reach"};
};

/// A part of a whole, as counted: 9 heads of 36.
struct Share {
  std::int64_t part = 0, whole = 0;
};

/// A target, of all layers together or of one.
struct CalibratedTarget {
  std::string key;
  double target = 0;
  std::optional<std::int64_t> layer{};
  double reached = 0;  ///< By the calibrated machine, as it stands.
  Reach reach = Reach::Reached;
  double least = 0, most = 0;              ///< What was seen of it, whatever the knobs.
  std::optional<double> below{}, above{};  ///< Around the target, a step of the knob apart.
  std::optional<Share> counts{};
};

/// What the calibrated machine gives on a workload; the first is what it was calibrated on.
struct CalibratedOn {
  std::string workload, sha256;
  std::vector<double> reached;  ///< By key, as Calibration has them; of all layers.
};

/// A machine whose knobs were turned until it met targets.
struct Calibration {
  std::string machine, kind;
  std::vector<std::string> keys;  ///< Of the targets.
  std::vector<CalibratedTarget> targets;
  std::vector<std::string> changes;  ///< What was set, as --set takes it.
  std::vector<CalibratedOn> workloads;
  std::int64_t plays = 0;

  /// Whether every target is met, or as nearly as it can be.
  [[nodiscard]] bool met() const;
};

/// "mass_kept 0.9502 with prune.rho=0.398": what a table says of a row.
std::string calibration_remark(const Calibration& calibration);
/// For people.
std::string calibration_text(const Calibration& calibration);
/// Format "calibration-1".
std::string calibration_json(const Calibration& calibration);

}  // namespace hdp
