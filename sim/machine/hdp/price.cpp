// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/price.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "machine/hdp/pe_price.hpp"
#include "machine/price_top_k.hpp"
#include "machine/prices.hpp"
#include <hdp/prune/hdp_trace.hpp>

namespace hdp {
namespace {

bool ranks_blocks(const HdpConfig& config) {
  return config.pruning && config.prune.rule == PruneRule::TopK;
}

void append(std::vector<PricedUnit>& units, std::vector<PricedUnit> more) {
  std::ranges::move(more, std::back_inserter(units));
}

/// Products of the arrays of a core, priced one kind after another.
class ArrayWork {
 public:
  ArrayWork(const Prices& prices, const HdpConfig& config, OperandWidths widths)
      : prices_(prices), precision_(config.core.pe_array.precision), widths_(widths) {}

  void add(double count, std::int64_t a, std::int64_t b,
           double accumulator_bits = kScoreAccumulatorBits) {
    const ProductPrice one = price_of_product(prices_, precision_, widths_, static_cast<double>(a),
                                              static_cast<double>(b), accumulator_bits);
    sum_.multiply_pj += count * one.multiply_pj;
    sum_.add_pj += count * one.add_pj;
    sum_.operands_pj += count * one.operands_pj;
  }

  [[nodiscard]] std::vector<CostItem> items() const {
    std::vector<CostItem> items{{"multiply", sum_.multiply_pj}, {"add", sum_.add_pj}};
    if (precision_ == Precision::Split) items.push_back({"operands", sum_.operands_pj});
    return items;
  }

 private:
  const Prices& prices_;
  Precision precision_;
  OperandWidths widths_;
  ProductPrice sum_;
};

PricedUnit pe_array(const Prices& prices, const HdpConfig& config, OperandWidths widths,
                    const std::string& core, const WorkTotals& work) {
  const auto macs = [&](Phase phase) {
    return static_cast<double>(work.macs[static_cast<std::size_t>(phase)]);
  };
  const std::int64_t w = widths.word_bits, i = widths.integer_bits, f = widths.fraction_bits();
  ArrayWork array(prices, config, widths);
  array.add(macs(Phase::Integer) + static_cast<double>(work.recompute_macs), i, i);
  // Where the fraction pass is exact every third of its products is fraction x fraction.
  const double mixed = config.prune.approximation ? 1 : 2.0 / 3;
  double whole = macs(Phase::Fraction);
  if (config.estimates()) {
    const std::int64_t query = config.prune.approximation ? i : w;
    const std::vector<std::int64_t> chunks = fraction_chunks(config.prune, f);
    for (std::size_t c = 0; c < chunks.size(); ++c) {
      const auto products = static_cast<double>(work.chunk_macs[c]);
      array.add(products, query, chunks[c]);
      whole -= products;
    }
    array.add(whole, i, f);
  } else {
    array.add(whole * mixed, i, f);
    array.add(whole * (1 - mixed), f, f);
  }
  array.add(macs(Phase::Score), w, w);
  array.add(macs(Phase::Value), w, w, kValueAccumulatorBits);

  const PeArrayConfig& pes = config.core.pe_array;
  std::vector<CostItem> area = area_of_pe(prices, pes.precision, possible_formats(config.prune));
  for (CostItem& part : area) part.value *= static_cast<double>(pes.rows * pes.columns);
  return logic(prices, core + ".pe_array", array.items(), std::move(area));
}

/// The top-k engines of a core, in the place of comparators with a threshold.
TopKUse block_ranker(const HdpConfig& config, const std::string& core, std::int64_t cycles) {
  const BlockRankerConfig& top_k = config.core.sparsity_engine.top_k;
  return {.instance = core + ".block_ranker",
          .values_a_cycle = top_k.parallelism,
          .cycles = cycles,
          .engines = top_k.rows};
}

TopKUse cascade_ranker(const HdpConfig& config, std::int64_t cycles) {
  return {.values_a_cycle = config.cascade.top_k.parallelism, .cycles = cycles};
}

/// A bound: an exponential, two sums of a score, one of the denominator, a comparison.
PricedUnit probability_unit(const Prices& prices, const HdpConfig& config, const std::string& core,
                            const WorkTotals& work) {
  const ProbabilityUnitConfig& unit = config.core.probability_unit;
  const auto bounds = static_cast<double>(work.bounds);
  const auto lanes = static_cast<double>(unit.tests_per_cycle);
  const auto margins = static_cast<double>(work.margin_elements);
  const auto margin_bits = static_cast<double>(config.prune.word_bits + 8);
  const auto adds = [](const auto& add) {
    return 2 * add(kScoreAccumulatorBits) + add(kThresholdBits);
  };
  return logic(
      prices, core + ".probability_unit",
      {{"exponential", bounds * prices.softmax_entry()},
       {"add", bounds * adds([&](double bits) { return prices.add(bits); }) +
                   margins * prices.add(margin_bits)},
       {"compare", bounds * prices.compare(kThresholdBits)}},
      {{"exponentials", lanes * prices.softmax_lane_area()},
       {"adders", lanes * adds([&](double bits) { return prices.add_area(bits); }) +
                      2 * static_cast<double>(unit.margin_elements) * prices.add_area(margin_bits)},
       {"comparators", lanes * prices.compare_area(kThresholdBits)}});
}

PricedUnit sparsity_engine(const Prices& prices, const HdpConfig& config, const std::string& core,
                           const WorkTotals& work, std::int64_t importance_bits) {
  const SparsityEngineConfig& engine = config.core.sparsity_engine;
  const auto b2 = static_cast<double>(config.prune.block_size * config.prune.block_size);
  const auto blocks = static_cast<double>(work.blocks), bits = static_cast<double>(importance_bits);
  std::vector<CostItem> energy{{"add", blocks * b2 * prices.add(bits)}};
  std::vector<CostItem> area{
      {"adders", static_cast<double>(engine.blocks_per_cycle) * b2 * prices.add_area(bits)}};
  if (!ranks_blocks(config)) {
    energy.push_back({"compare", 3 * blocks * prices.compare(kThresholdBits)});
    area.push_back({"comparators", static_cast<double>(engine.compares_per_cycle) *
                                       prices.compare_area(kThresholdBits)});
  }
  return logic(prices, core + ".sparsity_engine", std::move(energy), std::move(area));
}

/// The SRAMs of a core, one of each for every context; that of the scores has a port for the
/// softmax unit.
std::vector<BufferUse> buffers(const HdpConfig& config, const std::string& name,
                               const BufferTraffic& traffic) {
  std::vector<BufferUse> uses;
  for (std::size_t b = 0; b < kBuffers; ++b) {
    const auto buffer = static_cast<Buffer>(b);
    if (!has_buffer(config, buffer)) continue;
    const SramConfig& sram = sram_of(config.core, buffer);
    uses.push_back(
        {.instance = fmt::format("{}.{}", name, EnumNames<Buffer>::kNames[b]),
         .sram = {sram.bytes, sram.banks, sram.word_bits,
                  buffer == Buffer::Score ? SramPorts::OneReadOneWrite : SramPorts::OneReadWrite},
         .reads = traffic.read[b],
         .writes = traffic.written[b],
         .instances = config.core.contexts});
  }
  return uses;
}

}  // namespace

std::int64_t sram_bytes(const HdpConfig& config) {
  std::int64_t core = 0;
  for (const BufferUse& use : buffers(config, {}, {})) core += use.bytes();
  if (ranks_blocks(config)) core += block_ranker(config, {}, 0).fifos().bytes();
  return config.cores * core + (config.cascades() ? cascade_ranker(config, 0).fifos().bytes() : 0);
}

EnergyReport price(const HdpConfig& config, const HdpWork& work) {
  const Prices prices(config.energy);
  std::vector<PricedUnit> units;
  for (std::size_t c = 0; c < work.cores.size(); ++c) {
    const std::string core = fmt::format("core{}", c);
    const WorkTotals& totals = work.cores[c];
    units.push_back(pe_array(prices, config, work.widths, core, totals));
    if (config.pruning)
      units.push_back(sparsity_engine(prices, config, core, totals, work.importance_bits));
    if (ranks_blocks(config))
      append(units, priced_top_k(prices, block_ranker(config, core, totals.ranking_cycles)));
    if (config.estimates()) units.push_back(probability_unit(prices, config, core, totals));
    units.push_back(priced_softmax(prices, core + ".softmax", totals.softmax_entries,
                                   config.core.softmax.lanes));
    for (const BufferUse& use : buffers(config, core, totals.traffic))
      units.push_back(priced(prices, use));
  }
  if (config.cascades())
    append(units, priced_top_k(prices, cascade_ranker(config, work.ranking_cycles)));
  return energy_report(units, price_memory(config.energy, work.memory, work.dram), work.cycles,
                       config.clock_mhz);
}

}  // namespace hdp
