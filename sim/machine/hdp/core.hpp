// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "machine/hdp/sequencer.hpp"
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/transfer.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/kernel/wire.hpp>
#include <hdp/machine/hdp/config.hpp>
#include <hdp/units/fetch_unit.hpp>
#include <hdp/units/pe_array.hpp>
#include <hdp/units/softmax_unit.hpp>
#include <hdp/units/sparsity_engine.hpp>

namespace hdp {

/// The netlist of one core. Every hop between units takes a cycle; results leave the PE array after
/// its pipeline, probabilities the softmax unit after its latency.
class Core {
 public:
  /// `estimates`: it has a probability unit, between the array and the softmax unit.
  Core(const std::string& name, const CoreConfig& config, bool estimates)
      : name_(name),
        memory(4, static_cast<std::size_t>(config.fetch.requests_in_flight)),
        jobs_(2),
        jobs_done_(8, config.pe_array.pipeline()),
        tiles_(8, config.pe_array.pipeline()),
        masks_(4),
        bounds_(4, config.pe_array.pipeline()),
        verdicts_(8, Cycles{config.probability_unit.latency_cycles}),
        scores_(4, estimates ? Cycles{1} : config.pe_array.pipeline()),
        probabilities_(8, Cycles{config.softmax.latency_cycles}),
        fetches_(8),
        fetches_done_(8),
        free(static_cast<std::size_t>(2 * config.contexts)),
        slices(static_cast<std::size_t>(2 * config.contexts)),
        sequencer(name + ".sequencer",
                  {jobs_, wait_, fetches_, jobs_done_, masks_, probabilities_, fetches_done_, free,
                   slices, estimates ? &verdicts_ : nullptr, estimates ? &scores_ : nullptr},
                  config.contexts),
        pe_array(name + ".pe_array",
                 {jobs_, wait_, tiles_, estimates ? bounds_ : scores_, jobs_done_}),
        sparsity_engine(name + ".sparsity_engine", tiles_, masks_),
        softmax(name + ".softmax", "softmax", scores_, probabilities_, softmax_kind()),
        fetch_unit(name + ".fetch_unit", config.fetch, fetches_, fetches_done_, memory) {
    if (estimates)
      probability_ = std::make_unique<StreamUnit>(name + ".probability_unit", "probability",
                                                  bounds_, verdicts_, strip_probability_kind());
  }

  /// In the order of ticks.
  [[nodiscard]] std::vector<Unit*> units() {
    std::vector<Unit*> all{&sequencer, &pe_array, &sparsity_engine, &softmax, &fetch_unit};
    if (probability_) all.push_back(probability_.get());
    return all;
  }
  /// In the order of reports.
  [[nodiscard]] std::vector<const Unit*> datapath() const {
    if (!probability_) return {&pe_array, &sparsity_engine, &softmax, &fetch_unit};
    return {&pe_array, &sparsity_engine, probability_.get(), &softmax, &fetch_unit};
  }

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_;

 public:
  TransferPort memory;

 private:
  Channel<PeJob> jobs_;
  Wire<PeWait> wait_{PeWait::Nothing};
  Channel<PeDone> jobs_done_;
  Channel<EngineTile> tiles_;
  Channel<StripMask> masks_;
  Channel<StreamJob> bounds_;  ///< Of a probability unit,
  Channel<StreamDone> verdicts_;
  Channel<StreamJob> scores_;
  Channel<StreamDone> probabilities_;
  Channel<FetchCommand> fetches_;
  Channel<FetchDone> fetches_done_;

 public:
  Channel<FreeContext> free;  ///< To and from the dispatcher.
  Channel<SliceIndex> slices;
  Sequencer sequencer;
  PeArray pe_array;
  SparsityEngine sparsity_engine;
  StreamUnit softmax;
  FetchUnit fetch_unit;

 private:
  std::unique_ptr<StreamUnit> probability_;  ///< which is there where it has work.
};

}  // namespace hdp
