// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <fmt/format.h>

#include "machine/spatten_rtl/play.hpp"
#include "machine/spatten_rtl/run_result.hpp"
#include <hdp/machine/configured.hpp>
#include <hdp/machine/spatten_rtl/kind.hpp>

namespace hdp {
namespace {

class SpattenRtlSession final : public Session {
 public:
  SpattenRtlSession(const SpattenRtlConfig& config, const Workload& workload,
                    const PlayOptions& options)
      : rows_(*workload.rows()), play_(config, rows_.rows, rows_.name, options.observer) {}
  void run_until(Cycle end) override { play_.run_until(end); }
  [[nodiscard]] bool done() const override { return play_.done(); }
  [[nodiscard]] Cycle now() const override { return play_.now(); }

 private:
  RunResult take_result() override { return run_result(play_.result(), rows_.rows); }

  const SpattenWorkload& rows_;
  spatten_rtl::Play play_;
};

class SpattenRtlMachine final : public ConfiguredMachine<SpattenRtlConfig> {
 public:
  using ConfiguredMachine::ConfiguredMachine;
  [[nodiscard]] const MachineKind& kind() const override { return spatten_rtl_kind(); }
  [[nodiscard]] std::int64_t clock_mhz() const override { return kRtlClockMhz; }
  [[nodiscard]] Resources resources() const override { return resources_of(config()); }

 private:
  /// What the authors' bench makes of the unpruned file: 12 bits are fetched as 8 + 4, in two
  /// passes.
  [[nodiscard]] Job unpruned_job(const Workload& workload) const override {
    return job(config(), workload, {});
  }
  [[nodiscard]] std::vector<Variant> variants(const Workload& workload) const override {
    std::vector<Variant> all;
    for (const RowStep& step : kRowSteps)
      all.push_back({std::string(step.label), job(config(), workload, step.features)});
    // With all its features the file is played as the machine says.
    all.back().job = {std::make_shared<SpattenRtlMachine>(config()), workload};
    for (const std::int64_t parallelism : {1, 2, 4, 8, 16, 32}) {
      SpattenRtlConfig changed = config();
      changed.top_k_parallelism = parallelism;
      all.push_back({fmt::format("top-k x{}", parallelism),
                     {std::make_shared<SpattenRtlMachine>(changed), workload}});
    }
    return all;
  }

  [[nodiscard]] std::unique_ptr<Session> open(const Workload& workload,
                                              const PlayOptions& options) const override {
    return std::make_unique<SpattenRtlSession>(config(), workload, options);
  }

  /// The rows with some of their features, every eligible one in two passes: a list of rows to
  /// re-quantise is one of the pruned file.
  static Job job(SpattenRtlConfig config, const Workload& workload, const RowFeatures& features) {
    const SpattenWorkload& rows = *workload.rows();
    config.requantise = {};
    return {std::make_shared<SpattenRtlMachine>(config),
            Workload(with_rows(rows, with_features(rows.rows, features)))};
  }
};

class SpattenRtlMachineKind final : public ConfiguredKind<SpattenRtlConfig, SpattenRtlMachine> {
 public:
  [[nodiscard]] std::string_view name() const override {
    return name_of(SpattenRtlKind::SpattenRtl);
  }
  [[nodiscard]] std::string_view title() const override {
    return "The RTL of SpAtten's authors, rule for rule";
  }
  [[nodiscard]] Abilities can() const override { return {.rows = true}; }
  [[nodiscard]] std::vector<const UnitKind*> units() const override { return rtl_units(); }
};

}  // namespace

const MachineKind& spatten_rtl_kind() {
  static const SpattenRtlMachineKind kind;
  return kind;
}

std::unique_ptr<Machine> make_machine(SpattenRtlConfig config) {
  validate(config);
  return std::make_unique<SpattenRtlMachine>(std::move(config));
}

SpattenRtlConfig resolve_spatten_rtl(const Catalog& catalog, const std::string& name_or_path,
                                     const std::vector<std::string>& changes) {
  return read_machine<SpattenRtlConfig>(catalog, read_machine_file(catalog, name_or_path), changes);
}

}  // namespace hdp
