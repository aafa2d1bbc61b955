// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/facts.hpp>
#include <hdp/config/field.hpp>
#include <hdp/kernel/critical_path.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/machine/energy.hpp>
#include <hdp/machine/fidelity.hpp>
#include <hdp/machine/head_map.hpp>
#include <hdp/memory/dram_result.hpp>

namespace hdp {

/// What a machine can be given more or less of.
enum class Resource : std::uint8_t { Multipliers, Bandwidth, Clock };
template <>
struct EnumNames<Resource> {
  static constexpr std::array<std::string_view, 3> kNames{"multipliers", "bandwidth", "clock"};
};

/// What a machine has, whatever its kind.
struct Resources {
  std::int64_t multipliers = 0;
  std::int64_t sram_bytes = 0;
  double peak_bytes_per_s = 0;  ///< Of its memory.
};

/// The machine that a run was made on.
struct MachineFacts {
  std::string kind, name;
  std::string text;                    ///< Canonical settings: reading them gives this machine.
  std::optional<std::int64_t> seed{};  ///< Nothing where nothing is drawn.
  std::int64_t clock_mhz = 1000;
  Resources resources;
  Facts provenance;     ///< Where every setting that shapes the headline comes from.
  std::string sources;  ///< The same for people, in a sentence or two.
};

/// What the memory moved.
struct MemoryUse {
  std::string model;                               ///< As the user would name it.
  std::vector<Counter> read_bytes, written_bytes;  ///< By tensor, as asked for.
  std::vector<Counter> counters;
  std::optional<DramUse> dram{};  ///< Where it is a DRAM of ours.

  [[nodiscard]] std::int64_t total_read_bytes() const;
  [[nodiscard]] std::int64_t total_written_bytes() const;
  /// On its bus: a DRAM's bursts, what was taken by others.
  [[nodiscard]] std::int64_t bus_bytes() const;
};

/// What bounds a run: a kind of unit, or memory, and its share of the run.
struct Limiter {
  std::string name;
  double share = 0;
};

/// Area in um^2 of what the table covers.
struct AreaReport {
  std::vector<UnitCost> units;
  std::string leaves_out;
  [[nodiscard]] double total_um2() const { return total_of(units); }
};

/// A phase of one head in one problem, in core cycles.
struct PhaseSpan {
  std::string name;
  std::int64_t sequence = 0, layer = 0, problem = 0, head = 0;
  std::int64_t start = 0, end = 0;
};

/// What is left of a layer of a sequence, in a step of decode or in a prefill.
struct AliveLayer {
  std::int64_t sequence = 0, layer = 0, step = 0;
  std::optional<std::int64_t> tokens{};  ///< Of a prefill: a step of decode makes one.
  std::vector<std::int32_t> heads{};     ///< Query heads that its attention has.
};

/// A line of a text report that only the kind can say.
struct TextLine {
  std::string label, text;
};

/// Facts under a name of their own.
struct NamedFacts {
  std::string name;
  Facts facts;
};

/// Everything that a run found out: plain data, the only thing that reports and studies see.
struct RunResult {
  MachineFacts machine;
  std::string title;  ///< What else a text report says in its first line; may be empty.
  std::string workload_name;
  std::string workload_text;  ///< Stage and shape, for people.
  Facts workload;
  std::int64_t cycles = 0;
  std::vector<UnitReport> units;
  MemoryUse memory;
  Facts macs;  ///< By phase.
  /// Cycles of a multiplier that they take: fewer where one makes several narrow products at a
  /// time. Nothing: one each.
  std::optional<double> multiplier_cycles{};
  std::int64_t dense_macs = 0;        ///< Of dense attention on the workload,
  std::int64_t dense_value_macs = 0;  ///< of them products with V, without layers around it.
  Facts decisions;                    ///< What the run did; empty where the kind decides nothing.
  Facts reference_decisions;  ///< Where timing decides: what the reference order would have done.
  std::optional<std::vector<UnitCost>> energy_pj{};
  std::optional<AreaReport> area{};
  std::vector<Fidelity> layers{};  ///< Empty without fidelity.
  Fidelity fidelity;
  Limiter limiter;
  std::vector<CriticalTime> critical_path{};  ///< Adds up to `cycles`; empty where not followed.
  std::vector<std::string> remarks{};         ///< What a user should know and may not see.
  std::vector<TextLine> lines{};
  std::vector<PhaseSpan> phases{};
  std::vector<HeadMap> maps{};  ///< Those of PlayOptions::maps.
  std::vector<Facts> rows{};    ///< What became of each row, where the kind follows them.
  std::vector<NamedFacts> sections{};
  /// Where tokens or heads were pruned: what is left for the layers around the attention.
  std::vector<AliveLayer> alive{};

  [[nodiscard]] double time_ns() const {
    return static_cast<double>(cycles) * 1000.0 / static_cast<double>(machine.clock_mhz);
  }
  [[nodiscard]] std::optional<double> total_pj() const;
  /// Busy cycles of the multiplier arrays over all their cycles.
  [[nodiscard]] double utilisation() const;
};

/// The run again, with a resource of its machine relieved.
struct WhatIf {
  std::string resource;
  std::string unit;  ///< The kind of unit that is made faster, or memory: as in Limiter.
  Facts settings;    ///< What was changed, by path.
  std::optional<std::int64_t> cycles{};
  std::optional<double> gain{};  ///< Share of the time that is saved; below 0: it became slower.
  std::string refused{};         ///< Why it cannot be played so.
};

/// Whether the limiter that a run names is what relieving shows.
struct WhatIfVerdict {
  static constexpr double kLeastGain = 0.02;  ///< Below, nothing by itself limits the run.
  static constexpr double kPart = 0.5;        ///< Of the best gain, that the limiter's must reach.
  double gain = 0;                            ///< The best of the limiter's reliefs.
  double best_gain = 0;
  std::string best;                 ///< The resource that gains most.
  std::optional<bool> confirmed{};  ///< Nothing where nothing limits the run.
};

/// A run beside the run it is measured against.
struct Comparison {
  RunResult run;
  std::optional<RunResult> baseline{};
  std::string baseline_name{};  ///< "same", or the machine's name.
  std::vector<WhatIf> what_if{};

  /// Against the baseline, which must be there.
  [[nodiscard]] double speedup() const;
  [[nodiscard]] std::optional<double> energy_ratio() const;
  /// Nothing without what_if.
  [[nodiscard]] std::optional<WhatIfVerdict> verdict() const;
};

}  // namespace hdp
