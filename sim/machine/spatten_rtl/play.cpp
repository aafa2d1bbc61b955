// SPDX-License-Identifier: Apache-2.0
#include "machine/spatten_rtl/play.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "machine/spatten_rtl/machine.hpp"
#include "machine/spatten_rtl/requests.hpp"
#include <hdp/base/error.hpp>

namespace hdp {
namespace spatten_rtl {
namespace {

// More cycles than any legal row takes: the RTL hangs.
constexpr std::int64_t kSilent = 2'000'000;

const SpattenRtlConfig& checked(const SpattenRtlConfig& config) {
  validate(config);
  return config;
}

}  // namespace

struct Play::State {
  State(const SpattenRtlConfig& settings, std::span<const SpattenRow> rows, std::string from,
        SpattenRtlProgress told)
      : config(checked(settings)),
        origin(std::move(from)),
        progress(std::move(told)),
        requests(make_requests(config, rows, origin)),
        machine(shape_of(config), requests),
        moved(machine.now()) {}

  [[nodiscard]] bool answered() const { return finished == requests.size(); }
  /// A row answers as soon as its kept scores have passed; the last one's others still follow.
  [[nodiscard]] bool done() const { return answered() && machine.now() > last_response(); }
  [[nodiscard]] std::int64_t last_response() const {
    const auto last = std::ranges::max_element(machine.responses);
    return last == machine.responses.end() ? -1 : *last;
  }

  void step() {
    machine.step();
    if (machine.finished() != finished) {
      finished = machine.finished();
      moved = machine.now();
      if (progress) progress(static_cast<std::int64_t>(finished), std::ssize(requests));
    } else if (!answered() && machine.now() - moved > kSilent) {
      refuse(row_path(origin, finished),
             fmt::format("no answer for {} cycles: the RTL hangs", kSilent));
    }
  }

  SpattenRtlConfig config;
  std::string origin;
  SpattenRtlProgress progress;
  std::vector<Request> requests;
  Machine machine;
  std::int64_t moved;
  std::size_t finished = 0;
};

Play::Play(const SpattenRtlConfig& config, std::span<const SpattenRow> rows, std::string origin,
           SpattenRtlProgress progress)
    : state_(std::make_unique<State>(config, rows, std::move(origin), std::move(progress))) {}
Play::~Play() = default;

void Play::run_until(Cycle end) {
  State& state = *state_;
  while (!state.answered() && state.machine.now() < end.index) state.step();
  while (state.answered() && !state.done() && state.machine.now() < end.index) state.step();
}

bool Play::done() const { return state_->done(); }
Cycle Play::now() const { return Cycle{state_->machine.now()}; }

SpattenRtlResult Play::result() {
  const Machine& machine = state_->machine;
  SpattenRtlResult result;
  result.config = state_->config;
  result.dram_reads = machine.reads();
  result.qk_lines = machine.qk_lines();
  result.pv_lines = machine.pv_lines();
  result.qk_passes = machine.qk_passes();
  result.pv_passes = static_cast<std::int64_t>(machine.finished());
  for (std::size_t i = 0; i < state_->requests.size(); ++i) {
    SpattenRtlRow row;
    row.top_k_latency = state_->requests[i].top_k_latency;
    row.requantised = state_->requests[i].requantises;
    row.first_pass = machine.last_scores[0][i];
    row.second_pass = machine.last_scores[1][i];
    row.response = Cycle{machine.responses[i]};
    result.cycles = std::max(result.cycles, row.response);
    result.rows.push_back(row);
  }
  return result;
}

}  // namespace spatten_rtl

SpattenRtlResult run_spatten_rtl(const SpattenRtlConfig& config, std::span<const SpattenRow> rows,
                                 const SpattenRtlProgress& progress) {
  spatten_rtl::Play play(config, rows, {}, progress);
  play.run_until(kNever);
  return play.result();
}

}  // namespace hdp
