// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <hdp/config/field.hpp>
#include <hdp/config/ignored.hpp>
#include <hdp/machine/energy_table.hpp>
#include <hdp/machine/layer/config.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/prune/leopard_settings.hpp>
#include <hdp/units/bit_serial_array.hpp>
#include <hdp/units/fetch_unit.hpp>
#include <hdp/units/value_unit.hpp>

namespace hdp {

class Workload;

enum class LeopardKind : std::uint8_t { Leopard };
template <>
struct EnumNames<LeopardKind> {
  static constexpr std::array<std::string_view, 1> kNames{"leopard"};
};

/// What LeOPArd's machine decides; the words are those of `prune` (docs/leopard.md).
struct LeopardPruning {
  bool pruning = true;
  bool early_termination = true;
  std::vector<double> threshold;
  double calibrate = 0.75;
  MarginRule margin = MarginRule::SignPairs;
  std::int64_t step_bits = 2;
  std::int64_t q_bits = 12, k_bits = 12, v_bits = 16;

  static constexpr auto kFields = std::tuple{
      Field{&LeopardPruning::pruning, "pruning", "",
            "Pairs below the threshold get no probability. Off: dense attention."},
      Field{&LeopardPruning::early_termination, "early_termination", "",
            "A key is given up at the step that puts the threshold out of reach. Off: all of its "
            "bits are read."},
      Field{&LeopardPruning::threshold, "threshold", "",
            "Of q.k before it is divided by sqrt(d): one, or one a layer. Empty: calibrated.",
            Range{-1e100, 1e100}},
      Field{&LeopardPruning::calibrate, "calibrate", "",
            "Without thresholds: the share of a layer's pairs that goes, below 1.", Range{0, 1}},
      Field{&LeopardPruning::margin, "margin", "",
            "What unread bits may add: |q| where the signs of q and k agree, or of all elements."},
      Field{&LeopardPruning::step_bits, "step_bits", "bits",
            "Bits of an element of K that a multiplier takes in a step; divides k_bits.",
            Range{1, 16}, Source::Recalled},
      Field{&LeopardPruning::q_bits, "q_bits", "bits", "Codes of Q.", Range{2, 16},
            Source::Recalled},
      Field{&LeopardPruning::k_bits, "k_bits", "bits", "Codes of K, sign and magnitude.",
            Range{2, 16}, Source::Recalled},
      Field{&LeopardPruning::v_bits, "v_bits", "bits", "Codes of V.", Range{2, 16},
            Source::Recalled}};

  [[nodiscard]] std::int64_t steps() const { return k_bits / step_bits; }
  /// What is decided on a trace; meaningless without pruning.
  [[nodiscard]] LeopardSettings settings() const;
};

/// LeOPArd's machine (docs/leopard.md).
struct LeopardConfig {
  LeopardKind kind = LeopardKind::Leopard;
  std::string name = "leopard_ae";
  std::int64_t clock_mhz = 800;
  BitSerialConfig dot_product;
  ValueUnitConfig value;
  std::int64_t score_fifo_entries = 512;
  std::int64_t key_buffer_bytes = 49'152;
  std::int64_t value_buffer_bytes = 65'536;
  std::int64_t row_buffer_bytes = 8192;
  FetchConfig fetch{.request_bytes = 256, .requests_in_flight = 256, .requests_per_cycle = 4};
  LeopardPruning prune;
  LayerConfig layer;
  MemoryConfig memory{.latency_cycles = 50};
  std::string energy_table = std::string(kInlineTable);
  EnergyTable energy;

  static constexpr auto kFields = std::tuple{
      Field{&LeopardConfig::kind, "kind", "", "The accelerator."},
      Field{&LeopardConfig::name, "name", "", "Name in reports."},
      Field{&LeopardConfig::clock_mhz, "clock_mhz", "MHz", "Core clock.", Range{1, 100'000},
            Source::Recalled},
      Field{&LeopardConfig::dot_product, "dot_product", "", "The front end."},
      Field{&LeopardConfig::value, "value", "", "The back end."},
      Field{&LeopardConfig::score_fifo_entries, "score_fifo_entries", "entries",
            "Score and index FIFO between the two; a place that is freed is filled a cycle later.",
            Range{2, 65'536}, Source::Recalled},
      Field{&LeopardConfig::key_buffer_bytes, "key_buffer_bytes", "bytes",
            "K of the head that is played, and of the next as far as there is room.", Range{1, 1e9},
            Source::Recalled},
      Field{&LeopardConfig::value_buffer_bytes, "value_buffer_bytes", "bytes", "V, likewise.",
            Range{1, 1e9}, Source::Recalled},
      Field{&LeopardConfig::row_buffer_bytes, "row_buffer_bytes", "bytes",
            "Rows under way: of each its q, and its sums.", Range{1, 1e9}},
      Field{&LeopardConfig::fetch, "fetch", "", "The fetch unit."},
      Field{&LeopardConfig::prune, "prune", "", "What is pruned, and how soon that is known."},
      Field{&LeopardConfig::layer, "layer", "",
            "The layers around the attention, on the dot-product units."},
      Field{&LeopardConfig::memory, "memory", "", "The memory."},
      Field{&LeopardConfig::energy_table, "energy_table", "",
            "Table that `energy` starts from: a name, a path, or inline for the values below."},
      Field{&LeopardConfig::energy, "energy", "", "Energy and area of operations."}};
};

/// UserError where settings contradict each other.
void validate(const LeopardConfig& config);

IgnoredSettings ignored_settings(const LeopardConfig& config, const Workload& workload);

/// The same machine that takes every bit of every key, and every row of V: the baseline `same`.
LeopardConfig without_pruning(LeopardConfig config);

}  // namespace hdp
