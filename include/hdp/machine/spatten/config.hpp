// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <hdp/config/catalog.hpp>
#include <hdp/config/field.hpp>
#include <hdp/machine/energy_table.hpp>
#include <hdp/machine/layer/config.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/prune/cascade_settings.hpp>
#include <hdp/units/fetch_unit.hpp>
#include <hdp/units/softmax_unit.hpp>
#include <hdp/units/top_k_engine.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

class Workload;

enum class SpattenKind : std::uint8_t { Spatten };
template <>
struct EnumNames<SpattenKind> {
  static constexpr std::array<std::string_view, 1> kNames{"spatten"};
};

/// What SpAtten's machine decides on a trace. The rows of a workload file bring their decisions.
struct SpattenPruning {
  CascadeStage token;
  CascadeStage head{.keep = std::string(kLinearKeep), .start = 0.3, .first = 1, .last = 0.75};
  double value_keep = 0.5;
  std::int64_t query_bits = 12, key_bits = 12, value_bits = 12;
  bool progressive = true;
  std::int64_t msb_bits = 8, lsb_bits = 4;
  double requantise_threshold = 0.1;
  bool prefill_value_pruning = false;
  bool prefill_progressive = false;

  static constexpr auto kFields = std::tuple{
      Field{&SpattenPruning::token, "token", "", "Cascade token pruning."},
      Field{&SpattenPruning::head, "head", "", "Cascade head pruning."},
      Field{&SpattenPruning::value_keep, "value_keep", "",
            "Local value pruning: share of a query's keys whose values are used.", Range{0, 1}},
      Field{&SpattenPruning::query_bits, "query_bits", "bits", "Codes of Q.", Range{2, 16},
            Source::Recalled},
      Field{&SpattenPruning::key_bits, "key_bits", "bits",
            "Codes of K without progressive quantisation.", Range{2, 16}, Source::Recalled},
      Field{&SpattenPruning::value_bits, "value_bits", "bits", "Codes of V.", Range{2, 16},
            Source::Recalled},
      Field{&SpattenPruning::progressive, "progressive", "",
            "Progressive quantisation: K in two parts, the second only where it is needed."},
      Field{&SpattenPruning::msb_bits, "msb_bits", "bits", "First part of K.", Range{2, 16},
            Source::Recalled},
      Field{&SpattenPruning::lsb_bits, "lsb_bits", "bits", "Second part of K.", Range{1, 12},
            Source::Recalled},
      Field{&SpattenPruning::requantise_threshold, "requantise_threshold", "",
            "Rows whose largest probability is below it fetch the second part.", Range{0, 1},
            Source::Recalled},
      Field{&SpattenPruning::prefill_value_pruning, "prefill_value_pruning", "",
            "Local value pruning in a prefill too, where every query takes the top-k engine; the "
            "authors' model of a prefill has none."},
      Field{&SpattenPruning::prefill_progressive,
            "prefill_progressive",
            "",
            "Progressive quantisation in a prefill too.",
            {},
            Source::Recalled}};

  /// What of it applies to a stage.
  [[nodiscard]] SpattenPruning in(Stage stage) const {
    SpattenPruning prune = *this;
    if (stage == Stage::Decode) return prune;
    if (!prefill_value_pruning) prune.value_keep = 1;
    prune.progressive = progressive && prefill_progressive;
    return prune;
  }
};

/// SpAtten's published datapath (docs/spatten_machine.md).
struct SpattenConfig {
  SpattenKind kind = SpattenKind::Spatten;
  std::string name = "spatten";
  std::int64_t clock_mhz = 1000;
  std::int64_t seed = 1;
  std::int64_t multipliers = 512;
  std::int64_t k_buffer_bytes = 196'608;
  std::int64_t v_buffer_bytes = 196'608;
  std::int64_t word_bits = 12;
  std::int64_t tile_keys = 64;
  std::int64_t heads_in_flight = 16;
  std::int64_t slice_heads = 0;
  std::int64_t score_rows = 16;
  std::int64_t qk_latency_cycles = 8;
  std::int64_t pv_latency_cycles = 6;
  std::int64_t decision_latency_cycles = 5;
  std::int64_t converter_lines = 2;
  std::int64_t converter_latency_cycles = 3;
  std::int64_t top_k_read_width = 16;
  std::int64_t head_loop_cycles = 1;
  bool cascade_ranking = true;
  bool layer_barrier = false;
  bool write_output = true;
  FetchConfig fetch{.request_bytes = 256, .requests_in_flight = 1024, .requests_per_cycle = 32};
  SoftmaxConfig softmax;
  TopKEngineConfig top_k;
  SpattenPruning prune;
  LayerConfig layer;
  MemoryConfig memory{.latency_cycles = 30};
  std::string energy_table = std::string(kInlineTable);
  EnergyTable energy;

  static constexpr auto kFields = std::tuple{
      Field{&SpattenConfig::kind, "kind", "", "The accelerator."},
      Field{&SpattenConfig::name, "name", "", "Name in reports."},
      Field{&SpattenConfig::clock_mhz, "clock_mhz", "MHz", "Core clock.", Range{1, 100'000},
            Source::Recalled},
      Field{&SpattenConfig::seed, "seed", "", "Seed of every random stream of a run.",
            Range{0, 9e15}},
      Field{&SpattenConfig::multipliers, "multipliers", "multipliers",
            "Of the QK array, and of the PV array: each takes multipliers / d keys a cycle.",
            Range{1, 65'536}, Source::MeasuredRtl},
      Field{&SpattenConfig::k_buffer_bytes, "k_buffer_bytes", "bytes", "K of all heads in flight.",
            Range{1, 1e9}, Source::MeasuredRtl},
      Field{&SpattenConfig::v_buffer_bytes, "v_buffer_bytes", "bytes", "V of all heads in flight.",
            Range{1, 1e9}, Source::MeasuredRtl},
      Field{&SpattenConfig::word_bits, "word_bits", "bits",
            "An element in the buffers, whatever it was fetched in.", Range{2, 16},
            Source::MeasuredRtl},
      Field{&SpattenConfig::tile_keys, "tile_keys", "keys",
            "Keys, or values, that are fetched and computed together.", Range{1, 4096}},
      Field{&SpattenConfig::heads_in_flight, "heads_in_flight", "heads",
            "Heads, or slices of them, whose K or V is on chip or on its way.", Range{1, 64},
            Source::MeasuredRtl},
      Field{&SpattenConfig::slice_heads, "slice_heads", "heads",
            "Query heads of a slice: they share K and V, fetched once. 0: as many as share K and "
            "V, but generating no more than score_rows; 1: every head fetches its own.",
            Range{0, 1024}},
      Field{&SpattenConfig::score_rows, "score_rows", "rows",
            "Rows between the QK array and the PV array.", Range{1, 4096}, Source::MeasuredRtl},
      Field{&SpattenConfig::qk_latency_cycles, "qk_latency_cycles", "cycles",
            "Pipeline of the QK array.", Range{1, 64}, Source::MeasuredRtl},
      Field{&SpattenConfig::pv_latency_cycles, "pv_latency_cycles", "cycles",
            "Pipeline of the PV array.", Range{1, 64}, Source::MeasuredRtl},
      Field{&SpattenConfig::decision_latency_cycles, "decision_latency_cycles", "cycles",
            "From the last probability of a row to its re-quantisation decision.", Range{0, 64},
            Source::MeasuredRtl},
      Field{&SpattenConfig::converter_lines, "converter_lines", "lines/cycle",
            "Buffer lines of multipliers elements that the bit-width converter fills a cycle.",
            Range{1, 64}, Source::MeasuredRtl},
      Field{&SpattenConfig::converter_latency_cycles, "converter_latency_cycles", "cycles",
            "Pipeline of the bit-width converter.", Range{1, 64}, Source::MeasuredRtl},
      Field{&SpattenConfig::top_k_read_width, "top_k_read_width", "values/cycle",
            "Values that the buffer of the top-k engine gives a cycle; more comparators do not "
            "help.",
            Range{1, 4096}, Source::MeasuredRtl},
      Field{&SpattenConfig::head_loop_cycles, "head_loop_cycles", "cycles",
            "Of the head loop: heads start no closer to each other.", Range{0, 100'000}},
      Field{&SpattenConfig::cascade_ranking, "cascade_ranking", "",
            "Tokens and heads are ranked on the top-k engine, and the next layer waits for it; "
            "off: the ranking is known and free, as in the authors' RTL."},
      Field{&SpattenConfig::layer_barrier, "layer_barrier", "",
            "Every layer waits for the end of the last one, ranked or not."},
      Field{&SpattenConfig::write_output, "write_output", "",
            "Attention outputs are written to memory."},
      Field{&SpattenConfig::fetch, "fetch", "", "Fetchers and crossbar."},
      Field{&SpattenConfig::softmax, "softmax", "", "The softmax pipeline."},
      Field{&SpattenConfig::top_k, "top_k", "", "The top-k engine."},
      Field{&SpattenConfig::prune, "prune", "", "What is pruned, on traces."},
      Field{&SpattenConfig::layer, "layer", "",
            "The layers around the attention, on both multiplier arrays together."},
      Field{&SpattenConfig::memory, "memory", "", "The memory."},
      Field{&SpattenConfig::energy_table, "energy_table", "",
            "Table that `energy` starts from: a name, a path, or inline for the values below."},
      Field{&SpattenConfig::energy, "energy", "", "Energy and area of operations."}};

  /// Values that meet the pivot in a cycle.
  [[nodiscard]] std::int64_t top_k_width() const {
    return std::min(top_k.parallelism, top_k_read_width);
  }
};

/// UserError where settings contradict each other.
void validate(const SpattenConfig& config);

IgnoredSettings ignored_settings(const SpattenConfig& config, const Workload& workload);

/// SpAtten's machine of a name or file with `path=value` changes on top, complete and valid.
SpattenConfig resolve_spatten(const Catalog& catalog, const std::string& name_or_path,
                              const std::vector<std::string>& changes = {});

/// The same machine with all pruning and progressive fetching off: the baseline `same`.
SpattenConfig without_pruning(SpattenConfig config);

}  // namespace hdp
