// SPDX-License-Identifier: Apache-2.0
#include "machine/spatten/price.hpp"

#include <algorithm>
#include <cmath>

#include "machine/price_top_k.hpp"
#include "machine/prices.hpp"

namespace hdp::spatten {
namespace {

constexpr std::int64_t kHeadSize = 64;           // of the authors' RTL
constexpr std::int64_t kFlitBits = 256;          // a transaction of the fetchers: 32 bytes
constexpr std::int64_t kFifoFlits = 64;          // of a fetch lane
constexpr std::int64_t kChannelMbPerS = 32'000;  // of an ideal memory, as HBM2's
constexpr std::int64_t kImportanceBits = 32;
constexpr double kConverterLevels = 2;  // of multiplexers: any of 4, 6, 8 and 12 bits

/// Prices the units of one machine; every method is one of them.
class Pricing {
 public:
  Pricing(const SpattenConfig& config, const SpattenTotals& totals, const MemoryStats& memory)
      : config_(config), totals_(totals), memory_(memory), prices_(config.energy) {}

  [[nodiscard]] PricedUnit array(const std::string& name, std::int64_t macs,
                                 double accumulator) const {
    const auto word = static_cast<double>(config_.word_bits);
    const auto count = static_cast<double>(macs);
    const auto wide = static_cast<double>(config_.multipliers);
    return logic(prices_, name,
                 {{"multiply", count * prices_.multiply(word, word)},
                  {"add", count * prices_.add(accumulator)}},
                 {{"multipliers", wide * prices_.multiply_area(word, word)},
                  {"adders", wide * prices_.add_area(accumulator)}});
  }

  /// A line feeds every multiplier.
  [[nodiscard]] BufferUse buffer(const std::string& name, std::int64_t bytes, std::int64_t reads,
                                 std::int64_t writes) const {
    return {
        .instance = name,
        .sram = {.bytes = bytes, .banks = 1, .word_bits = config_.multipliers * config_.word_bits},
        .reads = reads,
        .writes = writes};
  }

  /// A queue of words of so many bits a softmax lane.
  [[nodiscard]] BufferUse queue(const std::string& name, std::int64_t bytes,
                                std::int64_t bits) const {
    return {.instance = name,
            .sram = {.bytes = bytes,
                     .banks = 1,
                     .word_bits = config_.softmax.lanes * bits,
                     .ports = SramPorts::OneReadOneWrite},
            .reads = totals_.score_words,
            .writes = totals_.score_words};
  }

  /// Keys of a row at most.
  [[nodiscard]] std::int64_t most_keys() const {
    return std::max<std::int64_t>(1, 8 * config_.k_buffer_bytes / (config_.word_bits * kHeadSize));
  }
  [[nodiscard]] std::int64_t row_bytes() const {
    return ceil_div(most_keys() * config_.word_bits, 8);
  }

  [[nodiscard]] BufferUse fetch_fifos() const {
    const std::int64_t flits = ceil_div(8 * memory_.read_bytes, kFlitBits);
    return {.instance = "fetch_fifo",
            .sram = {.bytes = kFifoFlits * kFlitBits / 8,
                     .banks = 1,
                     .word_bits = kFlitBits,
                     .ports = SramPorts::OneReadOneWrite},
            .reads = flits,
            .writes = flits,
            .instances = config_.fetch.requests_per_cycle};
  }

  /// Channels to fetch lanes: multiplexers, and wires as long as the side of it and the FIFOs.
  [[nodiscard]] PricedUnit crossbar(const PricedUnit& fifos) const {
    const auto lanes = static_cast<double>(config_.fetch.requests_per_cycle);
    const auto channels = static_cast<double>(memory_channels());
    const auto flit = static_cast<double>(kFlitBits);
    const double area = prices_.mux_area(lanes * (channels - 1) * flit);
    const double side_mm = std::sqrt(area + fifos.area_um2.front().value) * 1e-3;
    const auto moved = static_cast<double>(8 * (memory_.read_bytes + memory_.written_bytes));
    return logic(prices_, "crossbar",
                 {{"multiplex", prices_.mux(moved * std::ceil(std::log2(channels)))},
                  {"wire", prices_.wire(moved, side_mm)}},
                 {{"multiplexers", area}});
  }

  [[nodiscard]] PricedUnit converter() const {
    const auto lines = static_cast<double>(totals_.k_line_writes + totals_.v_line_writes);
    const auto line = static_cast<double>(config_.multipliers * config_.word_bits);
    return logic(prices_, "bit_width_converter",
                 {{"multiplex", prices_.mux(lines * line * kConverterLevels)}},
                 {{"multiplexers", prices_.mux_area(static_cast<double>(config_.converter_lines) *
                                                    line * kConverterLevels)}});
  }

  /// The largest probability of a row against the threshold.
  [[nodiscard]] PricedUnit decision() const {
    return logic(
        prices_, "decision",
        {{"compare", static_cast<double>(totals_.softmax_entries) *
                         prices_.compare(static_cast<double>(config_.word_bits))}},
        {{"comparators", static_cast<double>(config_.softmax.lanes) *
                             prices_.compare_area(static_cast<double>(config_.word_bits))}});
  }

  /// Adders of the importance of tokens.
  [[nodiscard]] PricedUnit importance() const {
    return logic(
        prices_, "importance",
        {{"add", static_cast<double>(totals_.softmax_entries) * prices_.add(kImportanceBits)}},
        {{"adders",
          static_cast<double>(config_.softmax.lanes) * prices_.add_area(kImportanceBits)}});
  }

  /// For values of a query, tokens and heads.
  [[nodiscard]] TopKUse top_k() const {
    return {.values_a_cycle = config_.top_k_width(),
            .cycles = totals_.top_k_cycles + totals_.ranking_cycles,
            .entries = most_keys()};
  }

  [[nodiscard]] std::vector<BufferUse> buffers() const {
    return {
        queue("importance_sram", most_keys() * kImportanceBits / 8, kImportanceBits),
        queue("score_fifo", row_bytes(), config_.word_bits),
        queue("probability_fifo", config_.score_rows * row_bytes(), config_.word_bits),
        buffer("k_buffer", config_.k_buffer_bytes, totals_.k_line_reads, totals_.k_line_writes),
        buffer("v_buffer", config_.v_buffer_bytes, totals_.v_line_reads, totals_.v_line_writes)};
  }

  [[nodiscard]] std::vector<PricedUnit> units() const {
    std::vector<PricedUnit> all{
        array("qk", totals_.score_macs + totals_.second_pass_macs, kScoreAccumulatorBits),
        array("pv", totals_.value_macs, kValueAccumulatorBits),
        priced_softmax(prices_, "softmax", totals_.softmax_entries, config_.softmax.lanes),
        decision()};
    for (PricedUnit& unit : priced_top_k(prices_, top_k())) all.push_back(std::move(unit));
    all.push_back(importance());
    for (const BufferUse& use : buffers()) all.push_back(priced(prices_, use));
    all.push_back(converter());
    PricedUnit fifos = priced(prices_, fetch_fifos());
    all.push_back(crossbar(fifos));
    all.push_back(std::move(fifos));
    return all;
  }

  [[nodiscard]] std::int64_t sram_bytes() const {
    std::vector<BufferUse> all = buffers();
    all.push_back(top_k().fifos());
    all.push_back(fetch_fifos());
    std::int64_t bytes = 0;
    for (const BufferUse& use : all) bytes += use.bytes();
    return bytes;
  }

 private:
  [[nodiscard]] std::int64_t memory_channels() const {
    const MemoryConfig& memory = config_.memory;
    return memory.ideal() ? ceil_div(memory.ideal_bandwidth(), kChannelMbPerS)
                          : memory.dram.organisation.channels;
  }

  const SpattenConfig& config_;
  const SpattenTotals& totals_;
  const MemoryStats& memory_;
  Prices prices_;
};

}  // namespace

EnergyReport price(const SpattenConfig& config, const SpattenTotals& totals,
                   const MemoryStats& memory, std::int64_t cycles,
                   const std::optional<DramUse>& dram) {
  return energy_report(Pricing(config, totals, memory).units(),
                       price_memory(config.energy, memory, dram), cycles, config.clock_mhz);
}

std::int64_t sram_bytes(const SpattenConfig& config) {
  const SpattenTotals nothing;
  const MemoryStats idle;
  return Pricing(config, nothing, idle).sram_bytes();
}

}  // namespace hdp::spatten
