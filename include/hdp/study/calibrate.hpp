// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/log.hpp>
#include <hdp/machine/machine.hpp>
#include <hdp/report/calibration.hpp>

namespace hdp {

/// A measure (measures.hpp), and what it is to be.
struct Target {
  std::string key;
  double value = 0;
};

/// Of "KEY=VALUE". UserError for what is no measure, or cannot be a value of it.
Target read_target(std::string_view text);
/// The same of several, each key once; in the order of kMeasures.
std::vector<Target> read_targets(std::span<const std::string> texts);

struct CalibrateOptions {
  bool by_layer = false;  ///< A value of each knob a layer, each layer to the target.
  unsigned threads = 1;   ///< For the decisions of a play; the result is the same for any.
  /// Told behind every play, how many there were, and how many are expected.
  std::function<void(std::int64_t plays, std::int64_t expected)> observer{};
  Log log{};
};

/// How far a target is met where it is not a matter of whole counts: this share of it.
inline constexpr double kMostDeviation = 0.005;

struct Calibrated {
  std::shared_ptr<const Machine> machine;
  Calibration calibration;
};

/// UserError for a workload of rows: they bring their decisions.
void refuse_rows(const Workload& workload);

/// Turns the knobs of the machine until its run on the workload meets the targets, as nearly as the
/// steps of the knobs allow. A target that cannot be met is no error: `calibration` says so.
/// UserError where the machine has no knob for a target, and for a workload without values.
Calibrated calibrate(const Machine& machine, const Workload& workload,
                     std::span<const Target> targets, const CalibrateOptions& options);

/// Adds what the calibrated machine gives on another workload.
void hold_on(const Workload& workload, const CalibrateOptions& options, Calibrated& calibrated);

/// Whether the machine, as it stands, has anything that calibrate() could turn on the workload.
/// UserError where it has, but not for these targets, and for a workload without values.
bool can_calibrate(const Machine& machine, const Workload& workload,
                   std::span<const Target> targets);

}  // namespace hdp
