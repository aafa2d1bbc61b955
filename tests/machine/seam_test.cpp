// SPDX-License-Identifier: Apache-2.0
// The seam that every accelerator stands behind: the same promises for each kind of the list.
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "machine/small_trace.hpp"
#include "memory/stand_in_memory.hpp"
#include "support/catalog.hpp"
#include "support/timeline_recorder.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/head_map.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/machine/spatten/kind.hpp>
#include <hdp/prune/problem.hpp>
#include <hdp/report/counters.hpp>
#include <hdp/report/run_report.hpp>
#include <hdp/workload/spatten_generator.hpp>

namespace hdp::test {
namespace {

Workload small_rows() {
  SpattenGeneratorConfig config;
  config.layers = 2;
  config.heads = 3;
  config.prompt = 40;
  config.generated = 2;
  config.keep = "0.8, 0.5";
  config.head_keep = "1, 0.7";
  config.value_keep = "0.5";
  return Workload(make_spatten_workload(config));
}

struct SeamCase {
  const char* machine;
  Workload workload;
};

std::vector<SeamCase> seam_cases() {
  return {{"hdp_edge", small_trace(Stage::Prefill)},
          {"hdp_edge", small_trace(Stage::Decode)},
          {"dense", small_trace(Stage::Decode)},
          {"spatten", small_trace(Stage::Prefill)},
          {"spatten_eighth", small_trace(Stage::Decode)},
          {"spatten", small_rows()},
          {"spatten_rtl_artifact", small_rows()},
          {"token_picker", small_trace(Stage::Prefill)},
          {"token_picker", small_trace(Stage::Decode)},
          {"leopard_ae", small_trace(Stage::Prefill)},
          {"leopard_hp", small_trace(Stage::Decode)},
          {"sta", small_trace(Stage::Prefill)},
          {"sta", small_trace(Stage::Decode)}};
}

std::string seam_report(RunResult run) { return report_json({.run = std::move(run)}, true); }

class SeamTest : public testing::Test {
 protected:
  static std::unique_ptr<Machine> machine(const std::string& name,
                                          const std::vector<std::string>& changes = {}) {
    return resolve_machine(kCatalog, name, changes);
  }
};

TEST_F(SeamTest, ARunInPiecesGivesTheSameResult) {
  for (const SeamCase& c : seam_cases()) {
    SCOPED_TRACE(c.machine);
    const auto machine_of_case = machine(c.machine);
    const std::string want = seam_report(play(*machine_of_case, c.workload));
    for (const std::int64_t step : {1, 97, 5000}) {
      const auto session = machine_of_case->start(c.workload, {});
      std::int64_t pieces = 0;
      while (!session->done()) {
        const Cycle before = session->now();
        session->run_until(before + Cycles{step});
        ASSERT_TRUE(session->done() || session->now() >= before + Cycles{step});
        ++pieces;
      }
      EXPECT_TRUE(step > 1 || pieces > 1);
      EXPECT_EQ(seam_report(session->result()), want) << step;
    }
  }
}

TEST_F(SeamTest, TheTextOfAMachineGivesTheSameMachine) {
  for (const char* name :
       {"hdp_edge", "hdp_server", "dense", "spatten", "spatten_eighth", "spatten_rtl_artifact",
        "token_picker", "leopard_ae", "leopard_hp", "leopard_base", "sta"}) {
    const auto first = machine(name);
    const MachineFile file{{{std::string(name) + ".json", first->text()}}};
    EXPECT_EQ(kind_of(file).read(kCatalog, file, {})->text(), first->text());
    EXPECT_EQ(first->name(), name);
    EXPECT_GT(first->resources().multipliers, 0);
    EXPECT_GT(first->resources().sram_bytes, 0);
    EXPECT_GT(first->resources().peak_bytes_per_s, 0);
  }
}

TEST_F(SeamTest, EveryReasonIsExplained) {
  for (const SeamCase& c : seam_cases()) {
    const auto m = machine(c.machine);
    for (const UnitReport& unit : play(*m, c.workload).units)
      for (const Counter& reason : unit.blocked)
        EXPECT_NE(counters_text(m->kind().units(), "blocked." + reason.name), "")
            << c.machine << ' ' << unit.instance;
  }
}

TEST_F(SeamTest, WhatIsUnprunedStaysSo) {
  for (const SeamCase& c : seam_cases()) {
    const Job once = machine(c.machine)->unpruned(c.workload);
    const Job twice = once.machine->unpruned(once.workload);
    EXPECT_EQ(play(*once.machine, once.workload).cycles,
              play(*twice.machine, twice.workload).cycles)
        << c.machine;
  }
}

TEST_F(SeamTest, AnAblationStartsUnprunedAndEndsAsTheMachine) {
  const auto of = [](const Machine& m, const Workload& workload, const char* label) {
    for (const Variant& variant : m.ablation(workload))
      if (variant.label == label) return play(*variant.job.machine, variant.job.workload).cycles;
    return std::int64_t{-1};
  };
  for (const SeamCase& c : seam_cases()) {
    SCOPED_TRACE(c.machine);
    const auto m = machine(c.machine);
    const Job unpruned = m->unpruned(c.workload);
    EXPECT_EQ(of(*m, c.workload, "dense"), play(*unpruned.machine, unpruned.workload).cycles);
    if (c.workload.rows() != nullptr) {
      EXPECT_EQ(of(*m, c.workload, "+ quantisation"), play(*m, c.workload).cycles);
    }
  }
  const auto edge = machine(
      "hdp_edge", {"prune.tau=0.5", "cascade.token.keep=linear", "cascade.head.keep=linear"});
  const Workload trace = small_trace(Stage::Prefill);
  EXPECT_EQ(of(*edge, trace, "+ cascade"), play(*edge, trace).cycles);
}

TEST_F(SeamTest, EveryKindThatSaysSoTakesATimelineAndAForeignMemory) {
  for (const SeamCase& c : seam_cases()) {
    SCOPED_TRACE(c.machine);
    const auto m = machine(c.machine);
    TimelineRecorder recorder;
    PlayOptions options;
    options.timeline = &recorder;
    if (m->kind().can().timeline) {
      (void)play(*m, c.workload, options);
      EXPECT_FALSE(recorder.lines.empty());
    } else {
      EXPECT_THROW((void)m->start(c.workload, options), UserError);
    }
    options.timeline = nullptr;
    options.memory = [] {
      return std::make_unique<StandInMemory>(
          StandInConfig{.access_bytes = 64, .tck_ps = 1'000, .latency = 50});
    };
    if (m->kind().can().foreign_memory) {
      const RunResult run = play(*m, c.workload, options);
      EXPECT_EQ(run.memory.model, "foreign");
      EXPECT_NE(run.cycles, play(*m, c.workload).cycles);
    } else {
      EXPECT_THROW((void)m->start(c.workload, options), UserError);
    }
  }
}

/// Pairs of the maps of all heads.
std::int64_t pairs(const std::vector<HeadMap>& maps, Matrix<std::int64_t> HeadMap::*counts) {
  std::int64_t sum = 0;
  for (const HeadMap& map : maps)
    for (const std::int64_t count : (map.*counts).values()) sum += count;
  return sum;
}

TEST_F(SeamTest, MapsOfAllHeadsHoldEveryPairThatWasAllowedAndEveryOneThatWasKept) {
  // Where decisions count the kept pairs; {}: all that are allowed.
  const std::map<std::string_view, std::string_view> counted{
      {"hdp", "kept_entries"}, {"token_picker", "value_rows_fetched"}, {"leopard", "survivors"}};
  for (const SeamCase& c : seam_cases()) {
    SCOPED_TRACE(c.machine);
    const auto m = machine(c.machine);
    PlayOptions options;
    HeadMaps maps({{0, 0}, {0, 0}});
    options.maps = &maps;
    if (c.workload.trace() == nullptr || !m->kind().can().maps) {
      EXPECT_THROW((void)m->start(c.workload, options), UserError);
      continue;
    }
    const Trace& trace = *c.workload.trace();
    EXPECT_EQ(play(*m, c.workload, options).maps.size(), 1);
    std::vector<HeadName> all;
    std::int64_t allowed = 0;
    for (std::int64_t layer = 0; layer < trace.layers(); ++layer)
      for (std::int64_t head = 0; head < trace.shape(layer).heads; ++head) {
        all.push_back({layer, head});
        for (const Problem& problem : problems(trace, layer)) allowed += problem.entries();
      }
    maps = HeadMaps(all);
    const RunResult run = play(*m, c.workload, options);
    ASSERT_EQ(run.maps.size(), all.size());
    EXPECT_EQ(pairs(run.maps, &HeadMap::allowed), allowed);
    const auto name = counted.find(m->kind().name());
    const Fact* const kept = name == counted.end() ? nullptr : run.decisions.find(name->second);
    if (kept != nullptr) {
      EXPECT_EQ(pairs(run.maps, &HeadMap::kept), *kept->as<std::int64_t>());
    } else {
      EXPECT_LE(pairs(run.maps, &HeadMap::kept), allowed);
      EXPECT_GT(pairs(run.maps, &HeadMap::kept), 0);
    }
    EXPECT_EQ(run.cycles, play(*m, c.workload).cycles);
  }
}

TEST_F(SeamTest, WhatAKindCannotPlayIsRefusedWhereverItIsAsked) {
  const Workload trace = small_trace(Stage::Prefill), rows = small_rows();
  const auto rtl = machine("spatten_rtl_artifact"), edge = machine("hdp_edge");
  EXPECT_THROW((void)rtl->start(trace, {}), UserError);
  EXPECT_THROW((void)rtl->unpruned(trace), UserError);
  EXPECT_THROW((void)rtl->ablation(trace), UserError);
  EXPECT_THROW((void)edge->start(rows, {}), UserError);
  EXPECT_THROW((void)edge->unpruned(rows), UserError);
  EXPECT_THROW((void)edge->ablation(rows), UserError);
  EXPECT_THROW((void)machine("spatten")->start(rows, {.fidelity = true}), UserError);
}

TEST_F(SeamTest, MistakesInRowsNameTheFileAndTheRow) {
  SpattenWorkload rows = *small_rows().rows();
  rows.name = "mine";
  rows.rows[3].key_bits = 13;
  for (const char* name : {"spatten", "spatten_rtl_artifact"}) {
    try {
      (void)machine(name)->start(Workload(rows), {});
      FAIL() << name;
    } catch (const UserError& mistake) {
      EXPECT_EQ(mistake.mistake().path, "mine: row 3");
    }
  }
}

TEST_F(SeamTest, EveryUnitOfAReportIsAmongThoseOfItsKind) {
  for (const SeamCase& c : seam_cases()) {
    const auto m = machine(c.machine);
    const auto known = m->kind().units();
    for (const UnitReport& unit : play(*m, c.workload).units) {
      SCOPED_TRACE(std::string(c.machine) + " " + unit.instance);
      EXPECT_TRUE(std::ranges::any_of(known, [&](const UnitKind* kind) {
        return kind->name == unit.kind && unit.counters.size() <= kind->counters.size();
      }));
    }
  }
}

TEST_F(SeamTest, AMachineIsMadeFromSettingsOfAProgram) {
  SpattenConfig config;
  config.memory.model = "ideal";
  EXPECT_GT(play(*make_machine(config), small_trace(Stage::Prefill)).cycles, 0);
  config.prune.value_bits = 16;
  EXPECT_THROW((void)make_machine(config), UserError);
}

}  // namespace
}  // namespace hdp::test
