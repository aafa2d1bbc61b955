// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/machine/machine.hpp>

namespace hdp {
namespace {

/// What the abilities allow, in words.
std::string playable(const Abilities& can) {
  if (can.trace && can.rows) return "traces, rows";
  return can.trace ? "a trace of Q, K, V (.safetensors, .json)" : "rows of a workload file (.csv)";
}

[[noreturn]] void refuse(const Machine& machine, std::string_view what, std::string problem,
                         std::string allowed = {}) {
  throw UserError(
      {.path = std::string(what),
       .problem = fmt::format("{} (kind {}) {}", machine.name(), machine.kind().name(), problem),
       .allowed = std::move(allowed)});
}

}  // namespace

void refuse_what_it_cannot(const Machine& machine, const Workload& workload,
                           const PlayOptions& options) {
  const Abilities can = machine.kind().can();
  if (workload.trace() != nullptr ? !can.trace : !can.rows)
    refuse(machine, workload.name(), "cannot play this workload", playable(can));
  if (options.timeline != nullptr && !can.timeline)
    refuse(machine, "timeline", "records no timeline");
  if (options.memory && !can.foreign_memory)
    refuse(machine, "memory", "takes no memory from outside");
  if (!options.fidelity.value_or(false)) return;
  if (!can.fidelity) refuse(machine, "fidelity", "computes no outputs to compare");
  if (workload.trace() == nullptr)
    refuse(machine, "fidelity", fmt::format("needs values; {} holds rows", workload.name()));
}

std::unique_ptr<Session> Machine::start(const Workload& workload,
                                        const PlayOptions& options) const {
  refuse_what_it_cannot(*this, workload, options);
  std::unique_ptr<Session> session = open(workload, options);
  session->machine_ = this;
  session->workload_ = workload;
  return session;
}

Job Machine::unpruned(const Workload& workload) const {
  refuse_what_it_cannot(*this, workload, {});
  return unpruned_job(workload);
}

std::vector<Variant> Machine::ablation(const Workload& workload) const {
  refuse_what_it_cannot(*this, workload, {});
  return variants(workload);
}

RunResult Session::result() {
  RunResult result = take_result();
  result.machine.kind = machine_->kind().name();
  result.machine.name = machine_->name();
  result.machine.text = machine_->text();
  result.machine.clock_mhz = machine_->clock_mhz();
  result.machine.resources = machine_->resources();
  result.workload_name = workload_->name();
  result.workload_text =
      fmt::format("{}, {}", name_of(workload_->stage()), workload_->shape_text());
  result.workload = workload_->facts();
  return result;
}

RunResult play(const Machine& machine, const Workload& workload, const PlayOptions& options) {
  const std::unique_ptr<Session> session = machine.start(workload, options);
  session->run_until(kNever);
  return session->result();
}

}  // namespace hdp
