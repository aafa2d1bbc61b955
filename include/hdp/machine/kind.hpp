// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/facts.hpp>
#include <hdp/config/catalog.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/machine/decision_case.hpp>
#include <hdp/machine/machine.hpp>
#include <hdp/machine/machine_file.hpp>

namespace hdp {

/// What the machines of a kind can play and do; the rest is refused in one place.
struct Abilities {
  bool trace = false;
  bool batch = false;  ///< Of traces, side by side.
  bool rows = false;   ///< Of the generation format: one query a row.
  bool prefill_rows = false;
  bool layers = false;    ///< Whole ones, around the attention of traces; and encoders.
  bool fidelity = false;  ///< Compares outputs, of a trace,
  bool causes = false;    ///< and says what the error comes from.
  bool timeline = false;
  bool maps = false;            ///< Of what heads keep, of a trace.
  bool foreign_memory = false;  ///< PlayOptions::memory.
};

/// A kind of accelerator: how its machines are read, and what they can do.
class MachineKind {
 public:
  virtual ~MachineKind() = default;
  /// What a machine's file says under "kind".
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual std::string_view title() const = 0;
  [[nodiscard]] virtual Abilities can() const = 0;
  /// JSON Schema of a machine's file.
  [[nodiscard]] virtual std::string schema() const = 0;
  /// Whether `path` ("prune.rho") is a setting, or a group of them.
  [[nodiscard]] virtual bool has_setting(std::string_view path) const = 0;
  /// The machine of a file with `path=value` changes on top, complete and valid: what it names has
  /// been read into it.
  [[nodiscard]] virtual std::unique_ptr<Machine> read(
      const Catalog& catalog, const MachineFile& file,
      const std::vector<std::string>& changes) const = 0;
  /// The units of its machines, with their counters.
  [[nodiscard]] virtual std::vector<const UnitKind*> units() const = 0;

  /// The system that `prune` decides with; "" where the kind has none of its own.
  [[nodiscard]] virtual std::string_view system() const { return {}; }
  /// Reads the settings of a case of that system, nulls left out; `causal` overrides the word of a
  /// prefill trace. `where` names the settings in UserErrors.
  [[nodiscard]] virtual std::unique_ptr<DecisionCase> decisions(const Facts& settings,
                                                                std::optional<bool> causal,
                                                                const std::string& where) const;
};

/// The one place where a machine says what its kind cannot do: UserError for a workload that it
/// cannot play, and for options that it does not have.
void refuse_what_it_cannot(const Machine& machine, const Workload& workload,
                           const PlayOptions& options);

/// UserError for a change of the user's that changes nothing in any run of the machines that have
/// it, on these workloads; they can play them.
void refuse_ignored_changes(std::span<const Machine* const> machines,
                            std::span<const Workload> workloads);

using Kinds = std::span<const MachineKind* const>;

/// The accelerators of this library, in the order in which they are listed.
Kinds machine_kinds();

/// The kind that a machine's file names; the first where it names none. UserError for one that is
/// not in the list.
const MachineKind& kind_of(const MachineFile& file, Kinds kinds = machine_kinds());

/// The machine of a name or file; its "kind" says which of `kinds` reads it, the first where it
/// names none.
std::unique_ptr<Machine> resolve_machine(const Catalog& catalog, const std::string& name_or_path,
                                         const std::vector<std::string>& changes = {},
                                         Kinds kinds = machine_kinds());

}  // namespace hdp
