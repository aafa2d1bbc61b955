// SPDX-License-Identifier: Apache-2.0
#include "machine/leopard/price.hpp"

#include "machine/prices.hpp"

namespace hdp::leopard {
namespace {

constexpr double kMarginBits = 20;          // of a sum of |q|
constexpr std::int64_t kScoreBits = 32;     // of an entry of the FIFO,
constexpr std::int64_t kIndexBits = 16;     // and its index
constexpr double kProbabilityBits = 16;     // before the division
constexpr std::int64_t kRowWordBits = 512;  // of the row buffer

/// Prices the units of one machine; every method is one of them.
class Pricing {
 public:
  Pricing(const LeopardConfig& config, const LeopardTotals& totals)
      : config_(config), totals_(totals), prices_(config.energy) {}

  /// A step of an element: q times some bits of k, in an adder tree. A step of a key: the sum is
  /// shifted in, and compared. A key: the sum of the |q| whose signs agree.
  [[nodiscard]] PricedUnit dot_products() const {
    const auto q = static_cast<double>(config_.prune.q_bits);
    const auto part = static_cast<double>(config_.prune.step_bits);
    const auto units = static_cast<double>(config_.dot_product.units);
    const double wide = units * static_cast<double>(config_.dot_product.taps);
    const auto products = static_cast<double>(totals_.step_elements);
    const auto steps = static_cast<double>(totals_.key_words);
    const double sums = margins() ? static_cast<double>(totals_.elements) : 0;
    const double margin_area = margins() ? wide * prices_.add_area(kMarginBits) : 0;
    return logic(prices_, "dot_product_unit",
                 {{"multiply", products * prices_.multiply(q, part)},
                  {"add", products * prices_.add(q + part)},
                  {"accumulate", steps * prices_.add(kScoreAccumulatorBits)},
                  {"margin", sums * prices_.add(kMarginBits)},
                  {"compare", steps * prices_.compare(kThresholdBits)}},
                 {{"multipliers", wide * prices_.multiply_area(q, part)},
                  {"adders", wide * prices_.add_area(q + part)},
                  {"accumulators", units * prices_.add_area(kScoreAccumulatorBits)},
                  {"margins", margin_area},
                  {"comparators", units * prices_.compare_area(kThresholdBits)}});
  }

  /// From the units to the one FIFO.
  [[nodiscard]] PricedUnit multiplexer() const {
    const auto bits = static_cast<double>(kScoreBits + kIndexBits);
    const auto others = static_cast<double>(config_.dot_product.units - 1);
    const double moved = others > 0 ? static_cast<double>(totals_.survivors) * bits : 0;
    return logic(prices_, "score_multiplexer", {{"multiplex", prices_.mux(moved)}},
                 {{"multiplexers", prices_.mux_area(others * bits)}});
  }

  /// Products with rows of V, and of each output with the inverse of its row's sum.
  [[nodiscard]] PricedUnit values() const {
    const auto v = static_cast<double>(config_.prune.v_bits);
    const auto wide = static_cast<double>(config_.value.lanes * config_.value.macs);
    const auto products = static_cast<double>(totals_.value_elements);
    return logic(prices_, "value_unit",
                 {{"multiply", products * prices_.multiply(kProbabilityBits, v)},
                  {"accumulate", products * prices_.add(kValueAccumulatorBits)},
                  {"scale", static_cast<double>(totals_.output_elements) *
                                prices_.multiply(kProbabilityBits, kProbabilityBits)}},
                 {{"multipliers", wide * prices_.multiply_area(kProbabilityBits, v)},
                  {"accumulators", wide * prices_.add_area(kValueAccumulatorBits)}});
  }

  [[nodiscard]] BufferUse keys() const {
    const std::int64_t word = config_.dot_product.taps * config_.prune.step_bits;
    return {.instance = "key_buffer",
            .sram = {.bytes = config_.key_buffer_bytes,
                     .banks = config_.dot_product.units,
                     .word_bits = word,
                     .ports = SramPorts::OneReadOneWrite},
            .reads = totals_.key_words,
            .writes = ceil_div(8 * totals_.key_bytes, word)};
  }
  [[nodiscard]] BufferUse value_rows() const {
    const std::int64_t word = config_.value.macs * config_.prune.v_bits;
    return {.instance = "value_buffer",
            .sram = {.bytes = config_.value_buffer_bytes,
                     .banks = config_.value.lanes,
                     .word_bits = word,
                     .ports = SramPorts::OneReadOneWrite},
            .reads = totals_.value_words,
            .writes = ceil_div(8 * totals_.value_bytes, word)};
  }
  [[nodiscard]] BufferUse score_fifo() const {
    const std::int64_t bits = kScoreBits + kIndexBits;
    return {.instance = "score_fifo",
            .sram = {.bytes = ceil_div(config_.score_fifo_entries * bits, 8),
                     .banks = 1,
                     .word_bits = bits,
                     .ports = SramPorts::OneReadOneWrite},
            .reads = totals_.survivors,
            .writes = totals_.survivors};
  }
  /// A row's q goes in once and out for each piece; its sums go in and out with each.
  [[nodiscard]] BufferUse rows() const {
    return {.instance = "row_buffer",
            .sram = {.bytes = config_.row_buffer_bytes,
                     .banks = 1,
                     .word_bits = kRowWordBits,
                     .ports = SramPorts::OneReadOneWrite},
            .reads = ceil_div(8 * totals_.row_read_bytes, kRowWordBits),
            .writes = ceil_div(8 * totals_.row_written_bytes, kRowWordBits)};
  }

  [[nodiscard]] std::vector<BufferUse> buffers() const {
    return {keys(), value_rows(), score_fifo(), rows()};
  }
  [[nodiscard]] std::vector<PricedUnit> units() const {
    std::vector<PricedUnit> all{
        dot_products(), multiplexer(), values(),
        priced_softmax(prices_, "softmax", totals_.survivors, config_.value.lanes)};
    for (const BufferUse& use : buffers()) all.push_back(priced(prices_, use));
    return all;
  }

 private:
  /// Whether the units bound what is unread.
  [[nodiscard]] bool margins() const {
    const LeopardPruning& prune = config_.prune;
    return prune.pruning && prune.early_termination && prune.steps() > 1;
  }

  const LeopardConfig& config_;
  const LeopardTotals& totals_;
  Prices prices_;
};

}  // namespace

EnergyReport price(const LeopardConfig& config, const LeopardTotals& totals,
                   const MemoryStats& memory, std::int64_t cycles,
                   const std::optional<DramUse>& dram) {
  return energy_report(Pricing(config, totals).units(), price_memory(config.energy, memory, dram),
                       cycles, config.clock_mhz);
}

std::int64_t sram_bytes(const LeopardConfig& config) {
  const LeopardTotals nothing;
  std::int64_t bytes = 0;
  for (const BufferUse& use : Pricing(config, nothing).buffers()) bytes += use.bytes();
  return bytes;
}

}  // namespace hdp::leopard
