// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <hdp/base/error.hpp>
#include <hdp/config/catalog.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/machine/machine.hpp>

namespace hdp {

/// What a run is measured against: itself without pruning, nothing, or another machine.
class Baseline {
 public:
  /// "same".
  Baseline() : word_(kSame) {}
  explicit Baseline(std::shared_ptr<const Machine> machine)
      : word_(machine->name()), machine_(std::move(machine)) {}
  static Baseline none() { return Baseline(kNone); }

  [[nodiscard]] bool is_none() const { return word_ == kNone && !machine_; }
  /// "same", or the machine's name.
  [[nodiscard]] const std::string& name() const { return word_; }
  /// What is played beside `machine` on `workload`; a UserError of it names the baseline.
  [[nodiscard]] Job job(const Machine& machine, const Workload& workload) const;
  [[nodiscard]] UserError within(const UserError& mistake) const;

  static constexpr const char *kSame = "same", *kNone = "none";

 private:
  explicit Baseline(const char* word) : word_(word) {}
  std::string word_;
  std::shared_ptr<const Machine> machine_;
};

/// "same", "none", or a machine's name or file.
Baseline resolve_baseline(const Catalog& catalog, const std::string& text,
                          Kinds kinds = machine_kinds());

/// The run and its baseline, which has neither timeline nor output error. The observer is told of
/// both together.
Comparison play_beside(const Machine& machine, const Workload& workload, const Baseline& baseline,
                       const PlayOptions& options = {});

}  // namespace hdp
