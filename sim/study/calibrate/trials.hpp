// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <hdp/machine/machine.hpp>

namespace hdp {

/// The machine with `path=value` changes on top; what it named has long been read.
std::unique_ptr<Machine> with_changes(const Machine& machine,
                                      const std::vector<std::string>& changes);

/// The measures `keys` of a run. UserError where it has no such number.
std::vector<double> measures_of(const RunResult& run, std::span<const std::string> keys);

/// Plays a machine on a workload with one change after another, each once.
class Trials {
 public:
  struct Measures {
    std::vector<double> all;                  ///< By key.
    std::vector<std::vector<double>> layers;  ///< By key, then by layer.
  };
  /// `by_layer`: how many layers are measured one by one, too. `told` hears of every play.
  Trials(const Machine& machine, const Workload& workload, std::vector<std::string> keys,
         std::size_t by_layer, PlayOptions options, std::function<void()> told);

  const Measures& at(const std::vector<std::string>& changes);
  [[nodiscard]] std::int64_t plays() const { return static_cast<std::int64_t>(seen_.size()); }

 private:
  /// UserError, with the changes, where the machine cannot play so.
  [[nodiscard]] RunResult play_with(const std::vector<std::string>& changes) const;

  const Machine& machine_;
  Workload workload_;
  std::vector<std::string> keys_;
  std::size_t by_layer_;
  PlayOptions options_;
  std::function<void()> told_;
  std::map<std::vector<std::string>, Measures> seen_;
};

}  // namespace hdp
