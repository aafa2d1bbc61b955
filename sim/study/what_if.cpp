// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>

#include <hdp/base/error.hpp>
#include <hdp/base/parallel.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/study/what_if.hpp>

namespace hdp {
namespace {

/// The kind of unit behind each relief, or how it ends; "" is the kind of the arrays.
constexpr std::array<std::string_view, kReliefs> kUnits{"",
                                                        "",
                                                        "softmax",
                                                        "softmax",
                                                        "sram",
                                                        "top_k_engine",
                                                        "sparsity_engine",
                                                        "probability_unit",
                                                        "memory",
                                                        "memory",
                                                        "memory",
                                                        "sequencer",
                                                        "sequencer",
                                                        "sequencer",
                                                        "sequencer",
                                                        "",
                                                        "value_unit",
                                                        "fetch_unit",
                                                        "bit_width_converter",
                                                        "vector_unit",
                                                        "core"};

std::string unit_of(Relief relief, const RunResult& run) {
  const std::string_view unit = kUnits[static_cast<std::size_t>(relief)];
  for (const UnitReport& report : run.units)
    if (unit.empty() ? report.datapath : report.kind.ends_with(unit)) return report.kind;
  return std::string(unit);
}

/// Every value of `to` that is another one in `from`, by its path.
void add_changes(const Facts& from, const Facts& to, const std::string& path, Facts& changes) {
  for (const NamedFact& entry : to) {
    const Fact* const before = from.find(entry.name);
    if (before == nullptr || *before == entry.value) continue;
    const std::string here = path + entry.name;
    const auto* const inner = entry.value.as<Facts>();
    if (inner != nullptr && before->as<Facts>() != nullptr)
      add_changes(*before->as<Facts>(), *inner, here + ".", changes);
    else
      changes.set(here, entry.value);
  }
}

/// What counts on the workload: the rest would be refused as a change of the user's.
Facts changes_of(const Machine& from, const Machine& to, const Workload& workload) {
  const Fact before = parse_facts(from.text(), from.name()),
             after = parse_facts(to.text(), to.name());
  Facts all, changes;
  add_changes(*before.as<Facts>(), *after.as<Facts>(), {}, all);
  const IgnoredSettings ignored = to.ignored(workload);
  for (const NamedFact& change : all)
    if (find_ignored(ignored, change.name) == nullptr) changes.set(change.name, change.value);
  return changes;
}

}  // namespace

std::vector<WhatIf> what_if(const Machine& machine, const Workload& workload, const RunResult& run,
                            const PlayOptions& options) {
  struct Try {
    WhatIf row;
    std::unique_ptr<Machine> machine;
  };
  std::vector<Try> jobs;
  for (std::size_t r = 0; r < kReliefs; ++r) {
    const auto relief = static_cast<Relief>(r);
    std::unique_ptr<Machine> relieved = machine.relieved(relief);
    if (!relieved) continue;
    WhatIf row{.resource = std::string(name_of(relief)),
               .unit = unit_of(relief, run),
               .settings = changes_of(machine, *relieved, workload)};
    if (row.settings.empty()) continue;
    jobs.push_back({std::move(row), std::move(relieved)});
  }
  parallel_for(jobs.size(), options.threads, [&](std::size_t i) {
    PlayOptions again;
    again.fidelity = false;
    again.memory = options.memory;
    WhatIf& row = jobs[i].row;
    try {
      row.cycles = play(*jobs[i].machine, workload, again).cycles;
      row.gain = 1 - static_cast<double>(*row.cycles) / static_cast<double>(run.cycles);
    } catch (const UserError& mistake) {
      row.refused = mistake.what();
    }
  });
  std::vector<WhatIf> rows;
  for (Try& job : jobs) rows.push_back(std::move(job.row));
  return rows;
}

}  // namespace hdp
