// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/config/ignored.hpp>
#include <hdp/machine/layer/engine.hpp>
#include <hdp/machine/play_options.hpp>
#include <hdp/machine/relief.hpp>
#include <hdp/machine/result.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

class Machine;
class MachineKind;
struct Knobs;  // hdp/machine/knob.hpp

/// A run under way. The machine and the workload that it was started with must outlive it, as must
/// what the options point to.
class Session {
 public:
  virtual ~Session() = default;
  /// Plays up to `end`, to the end of the work, or to the first event behind `end` where nothing
  /// can happen before. However a run is cut, it gives the same result.
  virtual void run_until(Cycle end) = 0;
  [[nodiscard]] virtual bool done() const = 0;
  /// The first cycle that has not been played.
  [[nodiscard]] virtual Cycle now() const = 0;
  /// Once, after done().
  RunResult result();

 private:
  friend class Machine;
  /// The result, but for what the machine says of itself and what is known of the workload.
  virtual RunResult take_result() = 0;
  const Machine* machine_ = nullptr;
  std::optional<Workload> workload_;
  HeadMaps* maps_ = nullptr;
};

/// A machine with something to play.
struct Job {
  std::shared_ptr<const Machine> machine;
  Workload workload;
};

/// A step of an ablation.
struct Variant {
  std::string label;
  Job job;
  std::string remark{};  ///< A value that the kind chose, where the machine leaves the step off.
};

/// An accelerator, configured: the seam that commands, studies and bindings stand on.
class Machine {
 public:
  virtual ~Machine() = default;
  [[nodiscard]] virtual const MachineKind& kind() const = 0;
  [[nodiscard]] virtual std::string name() const = 0;
  /// The canonical, complete text of its settings: reading it gives the same machine.
  [[nodiscard]] virtual std::string text() const = 0;
  [[nodiscard]] virtual std::int64_t clock_mhz() const = 0;
  [[nodiscard]] virtual Resources resources() const = 0;

  /// Multipliers, bytes a second, or MHz.
  [[nodiscard]] double amount_of(Resource resource) const;
  /// What the user changed of its file, as it was written: "path=value".
  [[nodiscard]] virtual const std::vector<std::string>& changes() const = 0;
  /// The settings that change nothing in a run of this machine, as it stands, on `workload`.
  [[nodiscard]] virtual IgnoredSettings ignored(const Workload& workload) const = 0;

  /// This machine with as near to `amount` of a resource as its kind can build; amount_of() says
  /// what was reached. UserError where the machine cannot be built so.
  [[nodiscard]] virtual std::unique_ptr<Machine> scaled(Resource resource, double amount) const = 0;

  /// This machine, relieved. Null where it has no such thing, or can have no more of it. Without
  /// a word of the kind: multipliers and bandwidth, as scaled() builds them.
  [[nodiscard]] virtual std::unique_ptr<Machine> relieved(Relief relief) const;

  /// What decides how much it prunes; nothing where nothing of it is a matter of degree.
  [[nodiscard]] virtual Knobs knobs() const;

  /// What it plays the layers around its attention on; nothing for a kind that cannot.
  [[nodiscard]] virtual std::optional<LayerEngine> layer_engine() const { return std::nullopt; }

  /// UserError for what the kind cannot play or do, in one line, and for a workload that the
  /// machine cannot hold. The session has a copy of `options`, and refers to this machine.
  [[nodiscard]] std::unique_ptr<Session> start(const Workload& workload,
                                               const PlayOptions& options) const;

  /// What the baseline `same` is: this machine, its memory and its clock, and the workload, with
  /// all pruning, approximation and progressive fetching off.
  [[nodiscard]] Job unpruned(const Workload& workload) const;

  /// From everything off to everything on, one feature a step; the first is what the others are
  /// measured against.
  [[nodiscard]] std::vector<Variant> ablation(const Workload& workload) const;

 private:
  // The same for a workload that the kind can play.
  [[nodiscard]] virtual Job unpruned_job(const Workload& workload) const = 0;
  [[nodiscard]] virtual std::vector<Variant> variants(const Workload& workload) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Session> open(const Workload& workload,
                                                      const PlayOptions& options) const = 0;
};

/// Starts, runs to the end, and takes the result.
RunResult play(const Machine& machine, const Workload& workload, const PlayOptions& options = {});

}  // namespace hdp
