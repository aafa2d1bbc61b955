// SPDX-License-Identifier: Apache-2.0
#include "study/calibrate/trials.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/study/measures.hpp>

namespace hdp {
namespace {

[[noreturn]] void refuse_missing(const RunResult& run, const std::string& key, std::string what,
                                 const std::function<bool(std::string_view)>& has) {
  std::vector<std::string_view> present;
  for (const std::string_view measure : kMeasures)
    if (has(measure)) present.push_back(measure);
  refuse(
      key,
      fmt::format("{} (kind {}) has no such number {}", run.machine.name, run.machine.kind, what),
      fmt::format("{}", fmt::join(present, ", ")));
}

std::vector<double> by_layer(const RunResult& run, const std::string& key, std::size_t layers) {
  std::vector<double> values;
  for (std::size_t layer = 0; layer < layers; ++layer) {
    const auto value = measure_of(run, key, layer);
    if (!value)
      refuse_missing(run, key, fmt::format("of layer {} of {}", layer, run.workload_name),
                     [&](auto other) { return measure_of(run, other, layer).has_value(); });
    values.push_back(*value);
  }
  return values;
}

/// Attention alone decides; an encoder is what its layers make of it.
Workload without_layers(const Workload& workload) {
  return workload.encoder() != nullptr ? workload : workload.with_layers(std::nullopt);
}

}  // namespace

std::unique_ptr<Machine> with_changes(const Machine& machine,
                                      const std::vector<std::string>& changes) {
  return machine.kind().read(Catalog({}), {{{machine.name(), machine.text()}}}, changes);
}

std::vector<double> measures_of(const RunResult& run, std::span<const std::string> keys) {
  std::vector<double> values;
  for (const std::string& key : keys) {
    const auto value = measure_of(run, key);
    if (!value)
      refuse_missing(run, key, "on " + run.workload_name,
                     [&](auto other) { return measure_of(run, other).has_value(); });
    values.push_back(*value);
  }
  return values;
}

Trials::Trials(const Machine& machine, const Workload& workload, std::vector<std::string> keys,
               std::size_t by_layer, PlayOptions options, std::function<void()> told)
    : machine_(machine),
      workload_(without_layers(workload)),
      keys_(std::move(keys)),
      by_layer_(by_layer),
      options_(std::move(options)),
      told_(std::move(told)) {}

RunResult Trials::play_with(const std::vector<std::string>& changes) const {
  try {
    return play(*with_changes(machine_, changes), workload_, options_);
  } catch (const UserError& mistake) {
    throw mistake.within(fmt::format("with {}", fmt::join(changes, " ")));
  }
}

const Trials::Measures& Trials::at(const std::vector<std::string>& changes) {
  if (const auto seen = seen_.find(changes); seen != seen_.end()) return seen->second;
  const RunResult run = play_with(changes);
  Measures measures{.all = measures_of(run, keys_), .layers = {}};
  if (by_layer_ > 0)
    for (const std::string& key : keys_) measures.layers.push_back(by_layer(run, key, by_layer_));
  told_();
  return seen_.emplace(changes, std::move(measures)).first->second;
}

}  // namespace hdp
