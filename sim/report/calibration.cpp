// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/version.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/report/calibration.hpp>

namespace hdp {
namespace {

/// " in layer 3" where a target is that of a layer.
std::string layer_text(const CalibratedTarget& target) {
  return target.layer ? fmt::format(" in layer {}", *target.layer) : "";
}

std::string counts_text(const CalibratedTarget& target) {
  return target.counts ? fmt::format(" ({} of {})", target.counts->part, target.counts->whole) : "";
}

/// What a reader must know of a target that was not reached.
std::string reach_text(const CalibratedTarget& target) {
  switch (target.reach) {
    case Reach::Reached:
      return "";
    case Reach::Nearest:
      return fmt::format(": the nearest there is, between {:.6g} and {:.6g}", *target.below,
                         *target.above);
    case Reach::Held:
      return *target.layer == 0 ? ": nothing goes before the first layer"
                                : ": as the layers before leave it";
    case Reach::OutOfReach:
      return fmt::format(": out of reach, {:.6g} to {:.6g} can be had", target.least, target.most);
  }
  return "";
}

Facts facts_of(const CalibratedTarget& target) {
  Facts facts{{"key", target.key}};
  if (target.layer) facts.set("layer", *target.layer);
  facts.update({{"target", target.target},
                {"reached", target.reached},
                {"reach", name_of(target.reach)},
                {"least", target.least},
                {"most", target.most},
                {"below", target.below},
                {"above", target.above}});
  if (target.counts) facts.update({{"part", target.counts->part}, {"whole", target.counts->whole}});
  return facts;
}

}  // namespace

bool Calibration::met() const {
  return std::ranges::none_of(targets,
                              [](const auto& target) { return target.reach == Reach::OutOfReach; });
}

std::string calibration_remark(const Calibration& calibration) {
  std::vector<std::string> reached;
  std::string missed;
  for (const CalibratedTarget& target : calibration.targets) {
    reached.push_back(fmt::format("{} {:.6g}{}", target.key, target.reached, layer_text(target)));
    if (target.reach == Reach::OutOfReach)
      missed += fmt::format("; {:.6g} is out of reach", target.target);
  }
  return fmt::format("{} with {}{}", fmt::join(reached, ", "), fmt::join(calibration.changes, " "),
                     missed);
}

std::string calibration_text(const Calibration& calibration) {
  std::string text = fmt::format("{} on {}, {} plays\n", calibration.machine,
                                 calibration.workloads.front().workload, calibration.plays);
  for (const CalibratedTarget& target : calibration.targets)
    text += fmt::format("{} {:.6g}{}{} for {:.6g}{}\n", target.key, target.reached,
                        layer_text(target), counts_text(target), target.target, reach_text(target));
  for (const std::string& change : calibration.changes) text += fmt::format("set {}\n", change);
  const bool by_layer = calibration.targets.front().layer.has_value();
  if (calibration.workloads.size() == 1 && !by_layer) return text;
  for (const CalibratedOn& on : calibration.workloads) {
    std::vector<std::string> reached;
    for (std::size_t k = 0; k < on.reached.size(); ++k)
      reached.push_back(fmt::format("{} {:.6g}", calibration.keys[k], on.reached[k]));
    text += fmt::format("on {}: {}\n", on.workload, fmt::join(reached, ", "));
  }
  return text;
}

std::string calibration_json(const Calibration& calibration) {
  Fact::List targets, workloads;
  for (const CalibratedTarget& target : calibration.targets) targets.emplace_back(facts_of(target));
  for (const CalibratedOn& on : calibration.workloads) {
    Facts measures;
    for (std::size_t k = 0; k < on.reached.size(); ++k)
      measures.set(calibration.keys[k], on.reached[k]);
    workloads.emplace_back(
        Facts{{"name", on.workload}, {"sha256", on.sha256}, {"measures", std::move(measures)}});
  }
  return facts_text(Facts{{"format", "calibration-1"},
                          {"hdpsim", Facts{{"version", kVersion}}},
                          {"machine", calibration.machine},
                          {"kind", calibration.kind},
                          {"met", calibration.met()},
                          {"targets", std::move(targets)},
                          {"set", calibration.changes},
                          {"workloads", std::move(workloads)},
                          {"plays", calibration.plays}});
}

}  // namespace hdp
