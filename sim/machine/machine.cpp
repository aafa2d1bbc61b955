// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "machine/layer/whole.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/head_map.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/machine/knob.hpp>
#include <hdp/machine/layer/play.hpp>
#include <hdp/machine/machine.hpp>
#include <hdp/machine/performance.hpp>

namespace hdp {
namespace {

bool can_play(const Abilities& can, const Workload& workload) {
  if (workload.layer_widths() && !can.layers) return false;
  if (workload.encoder() != nullptr) return can.trace && can.layers;
  if (workload.batch() != nullptr) return can.batch;
  if (workload.trace() != nullptr) return can.trace;
  return workload.stage() == Stage::Prefill ? can.prefill_rows : can.rows;
}

/// What the abilities allow, in words.
std::string playable(const Abilities& can, const Workload& workload) {
  if (workload.layer_widths() && !can.layers && workload.encoder() == nullptr)
    return "attention alone (--layer attention)";
  std::vector<std::string_view> forms;
  if (can.trace) forms.emplace_back("a trace of Q, K, V (.safetensors, .json)");
  if (can.batch) forms.emplace_back("a batch of traces (.json)");
  if (can.layers) forms.emplace_back("an encoder with its weights (.safetensors, .json)");
  if (can.rows) forms.emplace_back("rows of the generation format (.csv)");
  if (can.prefill_rows) forms.emplace_back("rows of the prefill format (.csv)");
  return fmt::format("{}", fmt::join(forms, ", "));
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
  if (!can_play(can, workload))
    refuse(machine, workload.name(), "cannot play this workload", playable(can, workload));
  if (options.timeline != nullptr && !can.timeline)
    refuse(machine, "timeline", "records no timeline");
  if (options.maps != nullptr && !can.maps)
    refuse(machine, "map", "does not say which keys a head keeps");
  if (options.maps != nullptr && workload.rows() != nullptr)
    refuse(machine, "map", fmt::format("needs a trace; {} holds rows", workload.name()));
  if (options.memory && !can.foreign_memory)
    refuse(machine, "memory", "takes no memory from outside");
  if (options.memory && workload.layer_widths())
    refuse(machine, "memory", "plays whole layers on its own memory only");
  if (!options.fidelity.value_or(options.causes)) return;
  if (!can.fidelity) refuse(machine, "fidelity", "computes no outputs to compare");
  if (workload.rows() != nullptr)
    refuse(machine, "fidelity", fmt::format("needs values; {} holds rows", workload.name()));
  if (options.causes && !can.causes)
    refuse(machine, "fidelity", "does not split its error by cause", "on, off");
}

void refuse_ignored_changes(std::span<const Machine* const> machines,
                            std::span<const Workload> workloads) {
  std::map<std::string, std::vector<IgnoredSettings>> runs;  // of the machines with a change
  for (const Machine* machine : machines)
    for (const Workload& workload : workloads)
      for (const std::string& change : machine->changes())
        runs[change].push_back(machine->ignored(workload));
  for (const auto& [change, of_change] : runs) refuse_ignored(std::span(&change, 1), of_change);
}

double Machine::amount_of(Resource resource) const {
  switch (resource) {
    case Resource::Multipliers:
      return static_cast<double>(resources().multipliers);
    case Resource::Bandwidth:
      return resources().peak_bytes_per_s;
    case Resource::Clock:
      return static_cast<double>(clock_mhz());
  }
  return 0;
}

std::unique_ptr<Machine> Machine::relieved(Relief relief) const {
  if (relief != Relief::Multipliers && relief != Relief::MemoryBandwidth) return nullptr;
  const auto resource = relief == Relief::Multipliers ? Resource::Multipliers : Resource::Bandwidth;
  const double now = amount_of(resource);
  std::unique_ptr<Machine> machine = scaled(resource, 2 * now);
  return machine->amount_of(resource) > now ? std::move(machine) : nullptr;
}

Knobs Machine::knobs() const { return {}; }

std::unique_ptr<Session> Machine::start(const Workload& workload,
                                        const PlayOptions& options) const {
  refuse_what_it_cannot(*this, workload, options);
  const bool whole = workload.layer_widths() || workload.encoder() != nullptr;
  HeadMaps* const maps = whole ? nullptr : options.maps;  // else filled by the attention inside
  if (maps != nullptr) maps->begin(workload.sequences());
  std::unique_ptr<Session> session =
      whole ? layer::start_whole(*this, workload, options) : open(workload, options);
  session->machine_ = this;
  session->workload_ = workload;
  session->maps_ = maps;
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
  if (const auto engine = machine_->layer_engine();
      engine && workload_->layer_widths() && !engine->shares_buffers)
    result.machine.resources.sram_bytes += layer_sram_bytes(engine->config);
  result.workload_name = workload_->name();
  result.workload_text =
      fmt::format("{}, {}", name_of(workload_->stage()), workload_->shape_text());
  result.workload = workload_->facts();
  if (maps_ != nullptr) result.maps = maps_->take();
  result.dense_macs = dense_macs(*workload_);
  result.dense_value_macs = dense_value_macs(*workload_);
  return result;
}

RunResult play(const Machine& machine, const Workload& workload, const PlayOptions& options) {
  const std::unique_ptr<Session> session = machine.start(workload, options);
  session->run_until(kNever);
  return session->result();
}

}  // namespace hdp
