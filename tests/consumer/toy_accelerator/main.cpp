// SPDX-License-Identifier: Apache-2.0
// Everything that the library does with its own accelerators, done with one that it does not know.
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expect.hpp"
#include "toy/kind.hpp"
#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/report/counters.hpp>
#include <hdp/report/run_report.hpp>
#include <hdp/study/calibrate.hpp>
#include <hdp/study/check.hpp>
#include <hdp/study/compare.hpp>
#include <hdp/study/list.hpp>
#include <hdp/study/prune.hpp>
#include <hdp/study/resolve_machines.hpp>
#include <hdp/study/schema.hpp>
#include <hdp/workload/spatten_generator.hpp>

namespace {

using MachinePointer = std::shared_ptr<const hdp::Machine>;

/// The library's kinds first: a file that names no kind stays one of them.
hdp::Kinds kinds() {
  static const std::vector<const hdp::MachineKind*> kAll = [] {
    const hdp::Kinds theirs = hdp::machine_kinds();
    std::vector<const hdp::MachineKind*> all(theirs.begin(), theirs.end());
    all.push_back(&toy::toy_kind());
    return all;
  }();
  return kAll;
}

/// The facts at a path of names.
const hdp::Fact& at(const hdp::Fact& fact, std::initializer_list<std::string_view> path) {
  const hdp::Fact* found = &fact;
  for (const std::string_view name : path) {
    const auto* const facts = found->as<hdp::Facts>();
    found = facts == nullptr ? nullptr : facts->find(name);
    expect::that(found != nullptr, "there is no " + std::string(name));
  }
  return *found;
}

struct Spans final : hdp::TimelineSink {
  void span(std::string_view track, std::string_view /*name*/, hdp::Cycle start,
            hdp::Cycle end) override {
    expect::that(track == "array" && start == last, "spans follow each other");
    last = end;
    ++count;
  }
  void instant(std::string_view /*track*/, std::string_view /*name*/, hdp::Cycle /*at*/) override {}
  hdp::Cycle last{};
  int count = 0;
};

/// The same run, stopped every `step` cycles.
hdp::RunResult play_in_steps(const hdp::Machine& machine, const hdp::Workload& workload,
                             std::int64_t step) {
  const hdp::PlayOptions options;
  const auto session = machine.start(workload, options);
  while (!session->done()) session->run_until(session->now() + hdp::Cycles{step});
  return session->result();
}

class Study {
 public:
  explicit Study(const hdp::Catalog& catalog)
      : catalog_(catalog),
        workload_(hdp::resolve_workload(catalog, "minilm_sotu_n64")),
        trace_(*workload_.trace()),
        toy_(machine("toy")),
        edge_(machine("hdp_edge")),
        keys_(trace_.shape(0).n_k),
        cycles_(expect::cycles(trace_, keys_ / 2)),
        dense_cycles_(expect::cycles(trace_, keys_)) {}

  [[nodiscard]] std::string line() const {
    return "toy: " + std::to_string(cycles_) + " cycles, " + std::to_string(dense_cycles_) +
           " without pruning; every answer is right";
  }

  void machine_files() const {
    expect::that(toy_->kind().name() == "toy" && toy_->resources().multipliers == 64,
                 "a file says which kind reads it");
    expect::that(machine("toy_wide")->resources().multipliers == 128 &&
                     machine("toy_wide")->name() == "toy_wide",
                 "a file extends a machine of the toy");
    const hdp::Machines both = hdp::resolve_machines(
        catalog_, {"toy", "hdp_edge"}, {"bytes_per_cycle=32", "toy:clock_mhz=250"}, kinds());
    expect::that(both[0]->clock_mhz() == 250 && both[1]->text() == edge_->text(),
                 "a change goes to the machine that has the setting");
    for (const hdp::ListLine& line : hdp::list(catalog_, "machines", kinds()))
      if (line.name == "toy")
        expect::that(line.text.find(toy_->kind().title()) != std::string::npos, line.text);
  }

  void run() const {
    const hdp::Comparison own = hdp::play_beside(*toy_, workload_, hdp::Baseline());
    expect::that(own.run.cycles == cycles_, "cycles of a run");
    expect::that(own.baseline->cycles == dense_cycles_, "cycles of the baseline same");
    expect::equal(own.speedup(), ratio(dense_cycles_, cycles_), "speedup over same");
    expect::that(own.run.memory.total_read_bytes() == expect::bytes(trace_, keys_ / 2), "bytes");
    expect::equal(own.run.fidelity.mass_kept(), expect::mass(trace_, keys_ / 2), "mass kept");
    report(own);

    const hdp::RunResult edge = hdp::play(*edge_, workload_);
    const hdp::Comparison over_edge =
        hdp::play_beside(*toy_, workload_, hdp::resolve_baseline(catalog_, "hdp_edge", kinds()));
    expect::that(over_edge.baseline->cycles == edge.cycles, "cycles of hdp_edge as the baseline");
    expect::equal(over_edge.speedup(), edge.time_ns() / own.run.time_ns(), "speedup over hdp_edge");
    const hdp::Comparison edge_over =
        hdp::play_beside(*edge_, workload_, hdp::resolve_baseline(catalog_, "toy", kinds()));
    expect::that(edge_over.baseline->cycles == cycles_, "cycles of the toy as the baseline");
    expect::equal(edge_over.speedup() * over_edge.speedup(), 1, "each over the other");

    const hdp::RunResult dense = hdp::play(*machine("toy", {"prune.keep=1"}), workload_);
    expect::that(*dense.fidelity.error.relative_frobenius() < 1e-12, "no error where all is kept");
    expect::equal(dense.fidelity.mass_kept(), 1, "all mass where all is kept");
  }

  void sessions() const {
    const std::string whole = hdp::report_json({.run = hdp::play(*toy_, workload_)}, true);
    for (const std::int64_t step : {7, 5000, 1'000'000})
      expect::that(hdp::report_json({.run = play_in_steps(*toy_, workload_, step)}, true) == whole,
                   "the report of a run that is cut");
    Spans spans;
    hdp::PlayOptions options{.fidelity = false, .timeline = &spans};
    expect::that(hdp::play(*toy_, workload_, options).layers.empty(), "no fidelity, no error");
    expect::that(spans.count == 2 * 6 * 12 && spans.last.index == cycles_, "two spans a head");
  }

  void tables() const {
    const auto rows = hdp::compare({toy_, edge_, machine("spatten")}, {workload_},
                                   hdp::Baseline(toy_), {.threads = 2});
    expect::that(rows.size() == 3 && rows[0].machine == "toy" && rows[2].machine == "spatten",
                 "a row a machine");
    for (const hdp::TableRow& row : rows) {
      expect::that(row.baseline_cycles == cycles_, row.machine + " beside the toy");
      expect::equal(*row.speedup, ratio(cycles_, expect::kClockMhz) * 1000 / row.time_ns,
                    row.machine + " over the toy");
    }
    expect::equal(*rows[0].mass_kept, expect::mass(trace_, keys_ / 2), "mass kept in a table");
    expect::that(hdp::table_text(rows).find("toy") != std::string::npos, "a table for people");

    const hdp::Machines equal = hdp::with_equal(
        {edge_, toy_},
        {hdp::Resource::Clock, hdp::Resource::Bandwidth, hdp::Resource::Multipliers});
    for (const hdp::Resource resource :
         {hdp::Resource::Clock, hdp::Resource::Bandwidth, hdp::Resource::Multipliers})
      expect::equal(equal[1]->amount_of(resource), edge_->amount_of(resource),
                    "as much of a resource as hdp_edge", 0.05);

    const auto steps = hdp::ablate(*toy_, {workload_}, {});
    expect::that(steps.size() == 3 && steps[0].cycles == dense_cycles_ &&
                     steps[1].cycles == expect::cycles(trace_, keys_ * 3 / 4) &&
                     steps[2].cycles == cycles_,
                 "three steps");
    expect::equal(*steps[2].speedup, ratio(dense_cycles_, cycles_), "the last over the first");
  }

  void calibration() const {
    const std::vector<hdp::Target> targets =
        hdp::read_targets(std::vector<std::string>{"prune_ratio=0.25"});
    const hdp::Calibrated done = hdp::calibrate(*toy_, workload_, targets, {});
    expect::that(done.calibration.met(), "a target is met");
    expect::equal(done.calibration.targets[0].reached, 0.25, "the share that is left out");
    expect::that(
        hdp::play(*done.machine, workload_).cycles == expect::cycles(trace_, keys_ * 3 / 4),
        "the calibrated machine");
    const auto rows = hdp::compare({toy_, edge_}, {workload_}, hdp::Baseline::none(), {}, targets);
    expect::that(rows[0].remark.find("prune_ratio 0.25 with prune.keep=0.7") == 0 &&
                     rows[1].remark.find("prune.rho=") != std::string::npos,
                 "a table at a target");
  }

  void rows() const {
    const hdp::SpattenWorkload rows = hdp::make_spatten_workload(
        {.layers = 2, .heads = 3, .prompt = 30, .generated = 4, .keep = "0.6"});
    const hdp::Workload workload(rows);
    const std::int64_t cycles = expect::cycles(rows);
    const std::int64_t dense = expect::cycles(hdp::with_rows(rows, hdp::unpruned(rows.rows)));
    const auto table = hdp::compare({toy_, machine("spatten"), machine("spatten_rtl_artifact")},
                                    {workload}, hdp::Baseline(), {});
    expect::that(table.size() == 3 && table[0].cycles == cycles && cycles < dense,
                 "cycles of rows");
    expect::equal(*table[0].speedup, ratio(dense, cycles), "rows over unpruned rows");
    expect::that(!table[0].mass_kept, "rows hold no values");
    const auto steps = hdp::ablate(*toy_, {workload}, {});
    expect::that(steps.size() == 2 && steps[0].cycles == dense && steps[1].cycles == cycles,
                 "two steps of rows");
    const hdp::SpattenWorkload prefill = hdp::make_spatten_workload(
        {.format = hdp::SpattenFormat::Prefill, .layers = 1, .heads = 2, .prompt = 30});
    expect::that(hdp::play(*toy_, hdp::Workload(prefill)).cycles == expect::cycles(prefill),
                 "cycles of rows of a prefill");
    expect::refusal([&] { (void)hdp::play(*toy_, workload, {.fidelity = true}); },
                    "fidelity: toy (kind toy) needs values; spatten_generation_gpt2_30 holds rows");
    expect::refusal([&] { (void)hdp::play(*toy_, workload_, {.causes = true}); },
                    "fidelity: toy (kind toy) does not split its error by cause; allowed: on, off");
  }

  void prune() const {
    const auto decide = [&](const std::string& cases) {
      return hdp::parse_facts(
          hdp::decisions_json(trace_, "a.safetensors", cases, "cases", 1, {}, kinds()),
          "decisions");
    };
    const hdp::Fact made = decide(R"([{"name": "a", "system": "toy", "settings": {"keep": 0.25}},
                                      {"name": "b", "system": "toy", "settings": {"causal": true}},
                                      {"name": "c", "system": "hdp"}])");
    const auto& cases = *at(made, {"cases"}).as<hdp::Fact::List>();
    const auto check = [&](const hdp::Fact& one, double keep, bool causal) {
      expect::that(at(one, {"causal"}) == hdp::Fact(causal) &&
                       at(one, {"settings", "keep"}) == hdp::Fact(keep),
                   "the settings of a case");
      std::vector<std::int64_t> wanted;
      for (std::int64_t i = 0; i < keys_; ++i)
        wanted.push_back(causal ? i / 2 + 1 : keys_ / 4);  // half of i + 1 keys, rounded up
      for (const hdp::Fact& layer : *at(one, {"layers"}).as<hdp::Fact::List>())
        expect::that(at(layer, {"kept_by_query"}) == hdp::Fact(wanted), "the decisions of a case");
    };
    check(cases[0], 0.25, false);
    check(cases[1], 0.5, true);
    expect::that(at(cases[2], {"system"}) == hdp::Fact("hdp"), "cases of several systems");
    expect::refusal([&] { (void)decide(R"([{"name": "a", "system": "toys"}])"); },
                    "cases: /0/system: 'toys' is no system of this version; allowed: hdp, spatten, "
                    "tokenpicker, leopard, nm, toy; did you mean 'toy'?");
    expect::refusal(
        [&] { (void)decide(R"([{"name": "a", "system": "toy", "settings": {"keep": 2}}])"); },
        "cases: /0/settings: /keep: 2 is outside [0.01, 1]");
  }

  void gates() const {
    hdp::BaselineCase recorded{.name = "a", .machine = "toy", .workload = "minilm_sotu_n64"};
    hdp::expect_report(recorded, catalog_, {}, kinds());
    expect::that(*recorded.expect.find("cycles") == hdp::Fact(cycles_), "a case has its cycles");
    const auto differences = [&] {
      return hdp::check({.cases = {recorded}}, catalog_, {}, kinds()).at(0).differences;
    };
    expect::that(differences().empty(), "nothing moves by itself");
    recorded.expect.set("cycles", cycles_ + 1);
    expect::that(differences().size() == 1 && differences()[0].after == hdp::Fact(cycles_),
                 "a cycle is seen");
  }

  void schemas() const {
    const hdp::Fact own = hdp::parse_facts(hdp::schema("toy", kinds()), "toy");
    const hdp::Fact all = hdp::parse_facts(hdp::schema("machine", kinds()), "machine");
    const auto& every = *at(all, {"anyOf"}).as<hdp::Fact::List>();
    expect::that(every.size() == kinds().size(), "every kind is a machine");
    expect::that(at(every.back(), {"properties"}) == at(own, {"properties"}),
                 "the toy is a machine");
    expect::that(hdp::counters_text(hdp::units_of(kinds()), "dropped_keys").find("toy_array") !=
                     std::string::npos,
                 "its counters are explained");
  }

  void refusals() const {
    const auto of_toy = [&](std::vector<std::string> changes) { return machine("toy", changes); };
    hdp::PlayOptions foreign;
    foreign.memory = [] { return std::unique_ptr<hdp::MemorySimulator>(); };
    expect::refusal([&] { (void)hdp::play(*toy_, workload_, foreign); },
                    "memory: toy (kind toy) takes no memory from outside");
    expect::refusal([&] { (void)hdp::play(*of_toy({"buffer_bytes=2048"}), workload_); },
                    "minilm_sotu_n64: a head keeps 4096 bytes of keys and values; allowed: 2048 "
                    "(buffer_bytes of toy)");
    expect::refusal([&] { (void)of_toy({"buffer_bytes=1000"}); },
                    "/buffer_bytes: 1000 is no whole transfer; allowed: a multiple of "
                    "bytes_per_cycle");
    expect::refusal([&] { (void)of_toy({"prune.kept=1"}); },
                    "prune.kept: no such setting; did you mean 'prune.keep'?");
    expect::refusal([&] { (void)hdp::resolve_machine(catalog_, "toy"); },
                    catalog_.find("machines", "toy").string() +
                        ": /kind: \"toy\" is no kind of machine; allowed: hdp, spatten, "
                        "spatten_rtl, token_picker, leopard, sta");
  }

 private:
  [[nodiscard]] MachinePointer machine(const std::string& name,
                                       const std::vector<std::string>& changes = {}) const {
    return hdp::resolve_machine(catalog_, name, changes, kinds());
  }
  static double ratio(std::int64_t a, std::int64_t b) {
    return static_cast<double>(a) / static_cast<double>(b);
  }

  void report(const hdp::Comparison& comparison) const {
    const hdp::Fact made = hdp::parse_facts(hdp::report_json(comparison, true), "report");
    expect::that(
        at(made, {"kind"}) == hdp::Fact("toy") && at(made, {"cycles"}) == hdp::Fact(cycles_),
        "the head of a report");
    const hdp::Fact& array = at(made, {"units", "array"});
    const auto part = [&](std::initializer_list<std::string_view> path) {
      return *at(array, path).number();
    };
    expect::equal(part({"cycles", "busy"}) + part({"cycles", "blocked", "memory"}),
                  static_cast<double>(cycles_), "busy and blocked are all");
    expect::equal(part({"kept_keys"}), part({"dropped_keys"}), "half of the keys stay");
    expect::that(at(made, {"config"}) == hdp::parse_facts(toy_->text(), "toy"), "the settings");
    expect::that(at(made, {"provenance", "prune.keep"}) == hdp::Fact("ours"), "their sources");
    const std::string text = hdp::report_text(comparison);
    expect::that(text.starts_with("toy on minilm_sotu_n64 ") &&
                     text.find(std::to_string(dense_cycles_)) != std::string::npos,
                 "a report for people");
  }

  const hdp::Catalog& catalog_;
  hdp::Workload workload_;
  const hdp::Trace& trace_;
  MachinePointer toy_, edge_;
  std::int64_t keys_, cycles_, dense_cycles_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: toy_accelerator ITS_CONFIGURATIONS CONFIGURATIONS\n";
    return EXIT_FAILURE;
  }
  try {
    const hdp::Catalog catalog({argv[1], argv[2]});
    const Study study(catalog);
    study.machine_files();
    study.run();
    study.sessions();
    study.tables();
    study.calibration();
    study.rows();
    study.prune();
    study.gates();
    study.schemas();
    study.refusals();
    std::cout << study.line() << '\n';
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
