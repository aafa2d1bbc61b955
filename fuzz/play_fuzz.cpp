// SPDX-License-Identifier: Apache-2.0
// Whole runs of tiny workloads on machines of any kind and legal settings: the report makes sense,
// and is the same when played again by two threads.
//   {"machine": {a machine's file}, "trace": {tiny_trace.cpp}, "baseline": true}
//   {"machine": {a machine's file}, "rows": {settings of the generator}}
#include <algorithm>
#include <memory>
#include <optional>

#include "mutate.hpp"
#include "report_check.hpp"
#include "settings_file.hpp"
#include "shipped.hpp"
#include "targets.hpp"
#include "tiny_trace.hpp"
#include <hdp/config/facts_text.hpp>
#include <hdp/report/run_report.hpp>
#include <hdp/study/beside.hpp>
#include <hdp/workload/spatten_generator.hpp>

namespace hdp::fuzz {
namespace {

constexpr Cycle kLongest{500'000};  // What plays longer is only slow.

struct Scene {
  std::unique_ptr<Machine> machine;
  std::optional<Workload> workload;
  bool baseline = false;
};

Facts group_at(const Facts& facts, std::string_view name) {
  const Fact* const found = facts.find(name);
  return found == nullptr || found->as<Facts>() == nullptr ? Facts{} : *found->as<Facts>();
}

Workload tiny_rows(const Facts& settings) {
  SpattenGeneratorConfig config;
  read_settings(config, facts_text(settings, -1), "rows");
  config.layers = std::min(config.layers.value_or(1), std::int64_t{2});
  config.heads = std::min(config.heads.value_or(2), std::int64_t{3});
  config.prompt = std::min(config.prompt, std::int64_t{48});
  config.generated = std::min(config.generated, std::int64_t{2});
  return Workload(make_spatten_workload(config));
}

/// UserError where a part is none.
Scene scene_of(const Facts& parts) {
  Scene scene{.machine = machine_of(facts_text(group_at(parts, "machine"), -1)), .workload = {}};
  if (parts.find("rows") != nullptr)
    scene.workload = tiny_rows(group_at(parts, "rows"));
  else
    scene.workload = Workload(tiny_trace(group_at(parts, "trace")));
  scene.baseline = parts.find("baseline") != nullptr && *parts.find("baseline") == Fact(true);
  return scene;
}

/// Without what the settings alone decide: most of the text, and the same in every run.
std::string report_of(Comparison comparison) {
  comparison.run.machine.text = "{}";
  comparison.run.machine.provenance = {};
  return report_json(comparison, true);
}

void expect_bursts(const MemoryUse& memory) {
  if (!memory.dram) return;
  const auto moved = std::ranges::find(memory.counters, "moved_bytes", &Counter::name);
  expect(moved != memory.counters.end() &&
             moved->value == memory.dram->result.moved_bytes(memory.dram->config),
         "bytes move in bursts");
}

/// Nothing where it takes long.
std::optional<Comparison> comparison_of(const Scene& scene, unsigned threads) {
  PlayOptions options;
  options.threads = threads;
  const auto session = scene.machine->start(*scene.workload, options);
  session->run_until(kLongest);
  if (!session->done()) return std::nullopt;
  if (scene.baseline) return play_beside(*scene.machine, *scene.workload, Baseline(), options);
  return Comparison{.run = session->result()};
}

bool play(std::string_view input) {
  const Facts parts = facts_in(input);
  Scene scene;
  std::optional<Comparison> first;
  const auto play_first = [&] {
    scene = scene_of(parts);
    first = comparison_of(scene, 1);
  };
  if (!accepts(play_first) || !first) return false;
  const std::string json = report_of(*first);
  expect(report_text(*first).find("nan%") == std::string::npos, "a share is a number");
  check_report(json);
  expect_bursts(first->run.memory);
  const unsigned threads = input.size() % 4 == 0 ? 2 : 1;  // A thread takes longer than a play.
  expect(report_of(comparison_of(scene, threads).value()) == json, "played again: the same bytes");
  return true;
}

std::string mutate(std::string_view input, RandomStream& random) {
  Facts parts = facts_in(input);
  if (one_in(random, 40)) {
    parts.set("machine", Facts{{"base", any_of(random, catalog().names("machines"))}});
    return facts_text(parts, -1);
  }
  const std::string machine = facts_text(group_at(parts, "machine"), -1);
  const std::string kind(kind_in(machine).name());
  for (std::int64_t i = between(random, 1, 4); i > 0; --i) {
    if (one_in(random, 16)) parts.set("baseline", one_in(random, 2));
    const bool rows = parts.find("rows") != nullptr;
    const char* const part = !one_in(random, 4) ? "machine" : rows ? "rows" : "trace";
    const Facts& schema = part == std::string_view("machine") ? schema_of(kind)
                          : rows                              ? schema_of("spatten_workload")
                                                              : tiny_trace_schema();
    parts.set(part, with_setting(group_at(parts, part), schema, random));
  }
  return facts_text(parts, -1);
}

}  // namespace

const Target kPlay{"play", play, mutate, 4'000};

}  // namespace hdp::fuzz
