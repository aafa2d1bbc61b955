// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/price.hpp"

#include <array>

#include <fmt/format.h>

#include "machine/prices.hpp"

namespace hdp {
namespace {

constexpr double kImportanceBits = 16;

/// Multiplications of one product in a phase: full multipliers in uniform, the planes' widths else.
/// Where the fraction pass is exact every third of its products is fraction x fraction.
double product_energy(const Prices& prices, Phase phase, Precision precision, OperandWidths widths,
                      bool exact) {
  const auto w = static_cast<double>(widths.word_bits);
  const auto i = static_cast<double>(widths.integer_bits);
  const auto f = static_cast<double>(widths.fraction_bits());
  if (precision == Precision::Uniform) return prices.multiply(w, w);
  if (phase == Phase::Integer) return prices.multiply(i, i);
  if (phase == Phase::Fraction)
    return exact ? (2 * prices.multiply(i, f) + prices.multiply(f, f)) / 3 : prices.multiply(i, f);
  return prices.multiply(w, w);
}

void price_core(const HdpConfig& config, OperandWidths widths, const std::string& name,
                const WorkTotals& work, std::vector<UnitCost>& units) {
  const Prices prices(config.energy);
  const Precision precision = config.core.pe_array.precision;
  const bool exact = !config.prune.approximation;
  double multiply = static_cast<double>(work.recompute_macs) *
                    product_energy(prices, Phase::Integer, precision, widths, exact);
  double add = static_cast<double>(work.recompute_macs) * prices.add(kScoreAccumulatorBits);
  for (std::size_t p = 0; p < kPhases; ++p) {
    const auto macs = static_cast<double>(work.macs[p]);
    const auto phase = static_cast<Phase>(p);
    multiply += macs * product_energy(prices, phase, precision, widths, exact);
    add += macs * prices.add(phase == Phase::Value ? kValueAccumulatorBits : kScoreAccumulatorBits);
  }
  units.push_back(price_array(name + ".pe_array", multiply, add));

  const auto b2 = static_cast<double>(config.prune.block_size * config.prune.block_size);
  const auto blocks = static_cast<double>(work.blocks);
  units.push_back({name + ".sparsity_engine",
                   {{"add", blocks * b2 * prices.add(kImportanceBits)},
                    {"compare", blocks * 3 * prices.add(kThresholdBits)}}});

  units.push_back(price_softmax(prices, name + ".softmax", work.softmax_entries));

  for (std::size_t buffer = 0; buffer < kBuffers; ++buffer) {
    if (!has_buffer(config, static_cast<Buffer>(buffer))) continue;
    const SramConfig& sram = sram_of(config.core, static_cast<Buffer>(buffer));
    units.push_back(price_sram(
        prices, fmt::format("{}.{}", name, EnumNames<Buffer>::kNames[buffer]),
        {sram.word_bits * work.traffic.read[buffer], sram.word_bits * work.traffic.written[buffer]},
        static_cast<double>(sram.bytes)));
  }
}

void measure_core(const HdpConfig& config, std::int64_t word_bits, const std::string& name,
                  std::vector<UnitCost>& units) {
  const Prices prices(config.energy);
  const CoreConfig& core = config.core;
  units.push_back(area_of_array(prices, name + ".pe_array",
                                core.pe_array.rows * core.pe_array.columns, word_bits,
                                kValueAccumulatorBits));
  const auto b2 = static_cast<double>(config.prune.block_size * config.prune.block_size);
  const auto engine_blocks = static_cast<double>(core.sparsity_engine.blocks_per_cycle);
  const auto compares = static_cast<double>(core.sparsity_engine.compares_per_cycle);
  if (config.pruning)
    units.push_back({name + ".sparsity_engine",
                     {{"adders", engine_blocks * b2 * prices.add_area(kImportanceBits)},
                      {"comparators", compares * prices.add_area(kThresholdBits)}}});
  const double operations =
      config.energy.exponential_operations.value + config.energy.divide_operations.value;
  units.push_back({name + ".softmax",
                   {{"arithmetic", static_cast<double>(core.softmax.lanes) * operations *
                                       (prices.multiply_area(kSoftmaxBits, kSoftmaxBits) +
                                        prices.add_area(kThresholdBits))}}});
  for (std::size_t buffer = 0; buffer < kBuffers; ++buffer) {
    if (!has_buffer(config, static_cast<Buffer>(buffer))) continue;
    const std::int64_t bytes = sram_of(core, static_cast<Buffer>(buffer)).bytes * core.contexts;
    units.push_back(area_of_sram(prices,
                                 fmt::format("{}.{}", name, EnumNames<Buffer>::kNames[buffer]),
                                 static_cast<double>(bytes)));
  }
}

}  // namespace

EnergyReport price(const HdpConfig& config, OperandWidths widths,
                   const std::vector<WorkTotals>& cores, const MemoryStats& memory,
                   std::int64_t cycles, const std::optional<DramUse>& dram) {
  EnergyReport report;
  for (std::size_t c = 0; c < cores.size(); ++c) {
    const std::string name = fmt::format("core{}", c);
    price_core(config, widths, name, cores[c], report.energy_pj);
    measure_core(config, widths.word_bits, name, report.area_um2);
  }
  report.energy_pj.push_back(price_memory(config.energy, memory, dram));
  add_leakage(config.energy, cycles, config.clock_mhz, report);
  return report;
}

}  // namespace hdp
