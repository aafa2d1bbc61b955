// SPDX-License-Identifier: Apache-2.0
#include "machine/token_picker/price.hpp"

#include <bit>

#include "machine/prices.hpp"

namespace hdp::token_picker {
namespace {

constexpr std::int64_t kScoreBits = 32;
constexpr std::int64_t kTokenBits = 16;      // of an entry: the token,
constexpr std::int64_t kStateBits = 8;       // its chunk and state,
constexpr std::int64_t kLogarithmBits = 24;  // and the logarithm of its term
constexpr double kSumBits = 40;              // of a denominator
constexpr std::int64_t kTableBits = 4'096;   // 256 of 16, of an exponential and of a logarithm

/// Prices the units of one machine; every method is one of them.
class Pricing {
 public:
  Pricing(const TokenPickerConfig& config, const TokenPickerTotals& totals,
          const MemoryStats& memory)
      : config_(config), totals_(totals), memory_(memory), prices_(config.energy) {}

  /// Multipliers, an adder tree and accumulators of the outputs.
  [[nodiscard]] PricedUnit lanes() const {
    const auto query = static_cast<double>(config_.prune.query_bits);
    const auto part = static_cast<double>(config_.lane.key_bits);
    const auto wide = static_cast<double>(config_.lane.lanes * config_.lane.dimensions);
    const auto products = static_cast<double>(totals_.score_products + totals_.value_products);
    return logic(
        prices_, "lane",
        {{"multiply", products * prices_.multiply(query, part)},
         {"add", static_cast<double>(totals_.score_products) * prices_.add(kScoreAccumulatorBits)},
         {"accumulate",
          static_cast<double>(totals_.value_products) * prices_.add(kValueAccumulatorBits)}},
        {{"multipliers", wide * prices_.multiply_area(query, part)},
         {"adders", wide * prices_.add_area(kScoreAccumulatorBits)},
         {"accumulators", wide * prices_.add_area(kValueAccumulatorBits)}});
  }

  /// Two sums over a query, for every slice in flight.
  [[nodiscard]] PricedUnit margins() const {
    const auto elements = static_cast<double>(config_.probability.margin_elements);
    const auto bits = static_cast<double>(config_.prune.query_bits + 8);
    return logic(prices_, "margin_generator",
                 {{"add", static_cast<double>(totals_.margin_elements) * prices_.add(bits)}},
                 {{"adders", 2 * elements * prices_.add_area(bits)}});
  }

  /// A test: two bounds, the scale of each, an exponential, the sum, a logarithm, a comparison.
  [[nodiscard]] PricedUnit probability() const {
    const auto tests = static_cast<double>(totals_.tests);
    const auto wide = static_cast<double>(config_.probability.tests_per_cycle);
    return logic(
        prices_, "probability_unit",
        {{"add", tests * (2 * prices_.add(kScoreBits) + prices_.add(kSumBits))},
         {"scale", tests * 2 * prices_.multiply(kScoreBits, kTokenBits)},
         {"compare", tests * prices_.compare(kThresholdBits)}},
        {{"adders", wide * (2 * prices_.add_area(kScoreBits) + prices_.add_area(kSumBits))},
         {"multipliers", wide * 2 * prices_.multiply_area(kScoreBits, kTokenBits)},
         {"comparators", wide * prices_.compare_area(kThresholdBits)}});
  }

  /// Of exponentials and logarithms, one pair for every test of a cycle.
  [[nodiscard]] BufferUse tables() const {
    return {.instance = "exponential_tables",
            .sram = {.bytes = kTableBits / 8, .banks = 1, .word_bits = 16},
            .reads = 3 * totals_.tests,  // the new term, the old one, the logarithm
            .writes = 0,
            .instances = 3 * config_.probability.tests_per_cycle};
  }

  [[nodiscard]] BufferUse scoreboard() const {
    const std::int64_t bits = kTokenBits + kStateBits + kLogarithmBits;
    return {.instance = "scoreboard",
            .sram = {.bytes = ceil_div(config_.scoreboard_entries * bits, 8),
                     .banks = 1,
                     .word_bits = bits,
                     .ports = SramPorts::OneReadOneWrite},
            .reads = totals_.tests,
            .writes = totals_.tests};
  }

  [[nodiscard]] BufferUse scores() const {
    return {.instance = "score_buffer",
            .sram = {.bytes = config_.score_buffer_bytes,
                     .banks = config_.softmax.lanes,
                     .word_bits = kScoreBits,
                     .ports = SramPorts::OneReadOneWrite},
            .reads = totals_.partial_scores + totals_.softmax_entries,
            .writes = totals_.partial_scores + totals_.softmax_entries};
  }

  [[nodiscard]] BufferUse queries() const {
    return {.instance = "query_buffer",
            .sram = {.bytes = config_.query_buffer_bytes,
                     .banks = 1,
                     .word_bits = config_.lane.dimensions * config_.prune.query_bits},
            .reads = totals_.key_words,
            .writes = totals_.queries,
            .instances = config_.slices_in_flight};
  }

  [[nodiscard]] BufferUse key_values() const {
    const std::int64_t word = config_.kv_buffer.word_bits;
    return {.instance = "kv_buffer",
            .sram = {.bytes = config_.kv_buffer.bytes,
                     .banks = config_.lane.lanes,
                     .word_bits = word,
                     .ports = SramPorts::OneReadOneWrite},
            .reads = totals_.key_words + totals_.value_words,
            .writes = ceil_div(8 * memory_.read_bytes, word)};
  }

  [[nodiscard]] std::vector<BufferUse> buffers() const {
    std::vector<BufferUse> all{scores(), queries(), key_values()};
    if (config_.prune.estimation) {
      all.push_back(tables());
      all.push_back(scoreboard());
    }
    return all;
  }

  [[nodiscard]] std::vector<PricedUnit> units() const {
    std::vector<PricedUnit> all{lanes()};
    if (config_.prune.estimation) {
      all.push_back(margins());
      all.push_back(probability());
    }
    all.push_back(
        priced_softmax(prices_, "softmax", totals_.softmax_entries, config_.softmax.lanes));
    for (const BufferUse& use : buffers()) all.push_back(priced(prices_, use));
    return all;
  }

 private:
  const TokenPickerConfig& config_;
  const TokenPickerTotals& totals_;
  const MemoryStats& memory_;
  Prices prices_;
};

}  // namespace

EnergyReport price(const TokenPickerConfig& config, const TokenPickerTotals& totals,
                   const MemoryStats& memory, std::int64_t cycles,
                   const std::optional<DramUse>& dram) {
  return energy_report(Pricing(config, totals, memory).units(),
                       price_memory(config.energy, memory, dram), cycles, config.clock_mhz);
}

std::int64_t sram_bytes(const TokenPickerConfig& config) {
  const TokenPickerTotals nothing;
  const MemoryStats idle;
  std::int64_t bytes = 0;
  for (const BufferUse& use : Pricing(config, nothing, idle).buffers()) bytes += use.bytes();
  return bytes;
}

}  // namespace hdp::token_picker
