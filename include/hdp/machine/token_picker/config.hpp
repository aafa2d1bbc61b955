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
#include <hdp/prune/token_picker_settings.hpp>
#include <hdp/units/fetch_unit.hpp>
#include <hdp/units/lane_array.hpp>
#include <hdp/units/probability_unit.hpp>
#include <hdp/units/softmax_unit.hpp>

namespace hdp {

class Workload;

enum class TokenPickerKind : std::uint8_t { TokenPicker };
template <>
struct EnumNames<TokenPickerKind> {
  static constexpr std::array<std::string_view, 1> kNames{"token_picker"};
};

/// When the next chunk of a key is asked for: once it is known to be wanted, or once one chunk of
/// every live token is decided on.
enum class IssueOrder : std::uint8_t { OutOfOrder, InOrder };
template <>
struct EnumNames<IssueOrder> {
  static constexpr std::array<std::string_view, 2> kNames{"out_of_order", "in_order"};
};

/// What Token-Picker's machine decides.
struct TokenPickerPruning {
  bool estimation = true;
  double threshold = 1e-3;
  std::vector<std::int64_t> chunk_bits{4, 4, 4};
  bool value_pruning = true;
  IssueOrder issue = IssueOrder::OutOfOrder;
  TokenOrder token_order = TokenOrder::NewestFirst;
  ExponentialUnit exponential = ExponentialUnit::Lut;
  std::int64_t query_bits = 12, value_bits = 12;

  static constexpr auto kFields = std::tuple{
      Field{&TokenPickerPruning::estimation, "estimation", "",
            "Probabilities are estimated, and tokens given up. Off: dense attention."},
      Field{&TokenPickerPruning::threshold, "threshold", "",
            "Tokens whose probability cannot exceed it are given up.", Range{0, 1, true}},
      Field{&TokenPickerPruning::chunk_bits, "chunk_bits", "bits",
            "Chunks of a key, most significant first: the width of K is their sum.", Range{1, 16},
            Source::Recalled},
      Field{&TokenPickerPruning::value_pruning, "value_pruning", "",
            "V of tokens that were given up is not read."},
      Field{&TokenPickerPruning::issue, "issue", "",
            "out_of_order: the next chunk of a key is asked for as soon as it is wanted; in_order: "
            "one chunk of every live token before the next."},
      Field{&TokenPickerPruning::token_order,
            "token_order",
            "",
            "newest_first: the newest token, token 0, the rest from newest to oldest.",
            {},
            Source::Recalled},
      Field{&TokenPickerPruning::exponential, "exponential", "",
            "Of the probability unit: tables in fixed point, rounded so that the bound is safe, or "
            "doubles."},
      Field{&TokenPickerPruning::query_bits, "query_bits", "bits", "Codes of Q.", Range{2, 16},
            Source::Recalled},
      Field{&TokenPickerPruning::value_bits, "value_bits", "bits", "Codes of V.", Range{2, 16},
            Source::Recalled}};

  /// Width of a key.
  [[nodiscard]] std::int64_t key_bits() const;
  /// What is decided on a trace.
  [[nodiscard]] TokenPickerSettings settings() const;
};

/// Data from memory on their way to the lanes.
struct KeyValueBufferConfig {
  std::int64_t bytes = 65'536;
  std::int64_t word_bits = 256;

  static constexpr auto kFields = std::tuple{
      Field{&KeyValueBufferConfig::bytes, "bytes", "bytes",
            "Room for what was asked for, until it is decided on or used.", Range{1, 1e9}},
      Field{&KeyValueBufferConfig::word_bits, "word_bits", "bits",
            "Word of a bank; every lane has a bank, and reads a word a cycle.", Range{1, 65'536}}};
};

/// Token-Picker's machine (docs/token_picker.md).
struct TokenPickerConfig {
  TokenPickerKind kind = TokenPickerKind::TokenPicker;
  std::string name = "token_picker";
  std::int64_t clock_mhz = 500;
  LaneConfig lane;
  ProbabilityUnitConfig probability;
  std::int64_t scoreboard_entries = 512;
  KeyValueBufferConfig kv_buffer;
  std::int64_t query_buffer_bytes = 1024;
  std::int64_t score_buffer_bytes = 262'144;
  std::int64_t slices_in_flight = 4;
  std::int64_t slice_heads = 0;
  FetchConfig fetch{.request_bytes = 256, .requests_in_flight = 512, .requests_per_cycle = 16};
  SoftmaxConfig softmax{.lanes = 16, .latency_cycles = 16};
  TokenPickerPruning prune;
  LayerConfig layer;
  MemoryConfig memory{.latency_cycles = 50};
  std::string energy_table = std::string(kInlineTable);
  EnergyTable energy;

  static constexpr auto kFields = std::tuple{
      Field{&TokenPickerConfig::kind, "kind", "", "The accelerator."},
      Field{&TokenPickerConfig::name, "name", "", "Name in reports."},
      Field{&TokenPickerConfig::clock_mhz, "clock_mhz", "MHz", "Core clock.", Range{1, 100'000},
            Source::Recalled},
      Field{&TokenPickerConfig::lane, "lane", "", "The lanes."},
      Field{&TokenPickerConfig::probability, "probability", "",
            "Margin generator, denominator and decision."},
      Field{&TokenPickerConfig::scoreboard_entries, "scoreboard_entries", "tokens",
            "Tokens whose key has been asked for and that are not decided on.", Range{1, 65'536}},
      Field{&TokenPickerConfig::kv_buffer, "kv_buffer", "", "Data on their way to the lanes."},
      Field{&TokenPickerConfig::query_buffer_bytes, "query_buffer_bytes", "bytes",
            "Rows of Q of a slice, for each slice in flight.", Range{1, 1e9}},
      Field{&TokenPickerConfig::score_buffer_bytes, "score_buffer_bytes", "bytes",
            "Scores of 32 bits of all tokens of the slices in flight.", Range{1, 1e9}},
      Field{&TokenPickerConfig::slices_in_flight, "slices_in_flight", "slices",
            "Slices under way, as far as their scores find room: the keys of the next are read "
            "beside the values of the last.",
            Range{1, 16}},
      Field{&TokenPickerConfig::slice_heads, "slice_heads", "heads",
            "Query heads of a slice: they share K and V, fetched once. 0: as many as share K and "
            "V and fit the buffers; 1: every head fetches its own.",
            Range{0, 32}},
      Field{&TokenPickerConfig::fetch, "fetch", "", "The out-of-order fetch unit."},
      Field{&TokenPickerConfig::softmax, "softmax", "", "Softmax of the survivors."},
      Field{&TokenPickerConfig::prune, "prune", "", "What is given up, and in which order."},
      Field{&TokenPickerConfig::layer, "layer", "",
            "The layers around the attention, on the lanes."},
      Field{&TokenPickerConfig::memory, "memory", "", "The memory."},
      Field{&TokenPickerConfig::energy_table, "energy_table", "",
            "Table that `energy` starts from: a name, a path, or inline for the values below."},
      Field{&TokenPickerConfig::energy, "energy", "", "Energy and area of operations."}};
};

/// UserError where settings contradict each other.
void validate(const TokenPickerConfig& config);

IgnoredSettings ignored_settings(const TokenPickerConfig& config, const Workload& workload);

/// The same machine that reads every word of K and V once, in order: the baseline `same`.
TokenPickerConfig without_pruning(TokenPickerConfig config);

}  // namespace hdp
