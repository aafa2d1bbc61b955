// SPDX-License-Identifier: Apache-2.0
// The energy and area of whole runs, computed again from their counters and the table's rows.
#include <cmath>

#include <gtest/gtest.h>

#include "machine/shipped_tables.hpp"
#include "machine/spatten/price.hpp"
#include "machine/spatten_bench.hpp"
#include "machine/sram_macro.hpp"
#include "machine/traces.hpp"
#include <hdp/machine/hdp/run.hpp>

namespace hdp::test {
namespace {

/// Sums what a run should cost, price by price.
struct ByHand {
  EnergyTable table = shipped_table("cacti7", 45, CellType::LstpHp);
  double ns = 0;
  double pj = 0, um2 = 0;

  void logic(double energy, double area) {
    pj += energy + area * 12.6e-6 * ns;
    um2 += area;
  }
  /// `count` buffers of `banks` macros that the table has.
  void sram(std::int64_t bytes, std::int64_t word, double banks, double count, double reads,
            double writes, bool two_ports = false) {
    for (const SramMacro& macro : technology_of(table).macros) {
      if (macro.bytes != bytes || macro.word_bits != word) continue;
      const double area = banks * macro.area_mm2 * (two_ports ? 2.1 : 1);
      const double energy = two_ports ? 1.35 : 1, leakage = two_ports ? 1.24 : 1;
      const double wire = 0.249 * static_cast<double>(word) / 2 * std::sqrt(area) / 2;
      pj += reads * (energy * macro.read_pj + wire) + writes * (energy * macro.write_pj + wire) +
            count * banks * leakage * macro.leakage_mw * ns;
      um2 += count * area * 1e6;
      return;
    }
    FAIL() << "no such macro";
  }
};

double words(const HdpResult& run, const std::string& instance, std::string_view counter) {
  for (const UnitReport& unit : run.units)
    if (unit.instance == instance)
      for (const Counter& found : unit.counters)
        if (found.name == counter) return std::ceil(static_cast<double>(found.value) / 256);
  throw std::out_of_range(instance);
}

TEST(RunEnergyTest, OfHdpFromItsCounters) {
  HdpConfig config;
  config.core.k_sram = config.core.v_sram = {.bytes = 16'384, .banks = 4, .word_bits = 256};
  ByHand hand;
  config.energy = hand.table;
  const HdpResult run =
      run_hdp(config, random_trace({4, 2, 24, 24, 16}, Stage::Prefill, true, 1, 2));
  ASSERT_GT(run.totals.macs[static_cast<std::size_t>(Phase::Fraction)], 0);
  hand.ns = static_cast<double>(run.cycles);

  double macs = static_cast<double>(run.totals.recompute_macs);
  for (const std::int64_t of_phase : run.totals.macs) macs += static_cast<double>(of_phase);
  const auto value = static_cast<double>(run.totals.macs[static_cast<std::size_t>(Phase::Value)]);
  const auto blocks = static_cast<double>(run.totals.blocks);
  const auto entries = static_cast<double>(run.totals.softmax_entries);
  hand.logic(macs * (0.775 + 0.1) + value * 0.025, 2 * 64 * (2614 + 283.4 * 1.25));
  // Sums of sixteen products of 4 bits are scores of two bytes; importances have 8 bits more.
  hand.logic(blocks * (4 * 0.075 + 3 * 0.0295), 2 * (4 * 283.4 * 24 / 32 + 16 * 71.0));
  hand.logic(entries * (1.02 + 0.1), 2 * 8 * (3553 + 283.4));
  for (const std::string core : {"core0.", "core1."}) {
    const auto buffer = [&](const std::string& name, std::int64_t bytes, bool two_ports = false) {
      hand.sram(bytes, 256, 4, 2, words(run, core + name, "bits_read"),
                words(run, core + name, "bits_written"), two_ports);
    };
    for (const char* name : {"q_sram", "k_sram", "v_sram", "mask_sram"}) buffer(name, 4096);
    buffer("score_sram", 16'384, true);  // a second port serves the softmax unit
  }
  hand.pj += 15.0 * 8 * static_cast<double>(run.memory.read_bytes + run.memory.written_bytes);

  EXPECT_NEAR(run.energy.total_pj(), hand.pj, 1e-9 * hand.pj);
  EXPECT_NEAR(run.energy.total_um2(), hand.um2, 1e-9 * hand.um2);
  for (const auto* units : {&run.energy.energy_pj, &run.energy.area_um2})
    for (const UnitCost& unit : *units)
      for (const CostItem& item : unit.items) EXPECT_GE(item.value, 0) << unit.instance;
}

TEST(RunEnergyTest, OfSpattenFromItsCounts) {
  SpattenConfig config = unloaded_spatten();
  config.memory.bandwidth_mb_per_s = 512'000;  // 16 channels
  ByHand hand;
  config.energy = hand.table;
  const SpattenResult run =
      play_spatten(config, std::vector{single_pass(100, 30, 40, true), single_pass(60, 60)});
  hand.ns = static_cast<double>(run.cycles);
  const auto buffer = [&](const SramBuffer& sram, double count, double reads, double writes) {
    const SramPrice price = price_of(hand.table, sram);
    hand.pj += reads * price.read_pj + writes * price.write_pj + count * price.leakage_mw * hand.ns;
    hand.um2 += count * price.area_um2;
  };
  constexpr auto kTwoPorts = SramPorts::OneReadOneWrite;
  const double share = std::log2(144.0 / 64) / 2;  // 12 x 12 between 8 x 8 and 16 x 16
  const double product = 0.2 * std::pow(0.775 / 0.2, share);
  const double multiplier = 729.8 * std::pow(2614 / 729.8, share);
  const double scores = 100 + 100 + 60, values = 30 + 60;
  hand.logic(64 * scores * (product + 0.1), 512 * (multiplier + 283.4));           // qk
  hand.logic(64 * values * (product + 0.125), 512 * (multiplier + 1.25 * 283.4));  // pv
  hand.logic(scores * 1.12, 8 * (3553 + 283.4));                                   // softmax
  hand.logic(scores * 0.0295 * 12 / 32, 8 * 71.0 * 12 / 32);                       // decision
  // Top-k: 40 cycles, 16 values on either side of the pivot, four levels of multiplexers.
  const double shifted = 32 * 44 * 4 / 32.0;
  hand.logic(40 * (32 * 0.0295 + shifted * 0.0181), 32 * 71.0 + shifted * 50.4);
  buffer({22'528, 1, 704, kTwoPorts}, 2, 40, 40);
  hand.logic(scores * 0.1, 8 * 283.4);  // importance
  const double fragments = 13 + 13 + 8;
  buffer({8192, 1, 256, kTwoPorts}, 1, fragments, fragments);   // importance of 2048 tokens
  buffer({3072, 1, 96, kTwoPorts}, 1, fragments, fragments);    // a row of 2048 scores
  buffer({49'152, 1, 96, kTwoPorts}, 1, fragments, fragments);  // sixteen of probabilities
  buffer({196'608, 1, 6144}, 1, 13 + 13 + 8, 13 + 13 + 8);      // lines of eight keys; LSBs again
  buffer({196'608, 1, 6144}, 1, 4 + 8, 4 + 8);
  const double lines = 13 + 13 + 8 + 4 + 8;
  hand.logic(lines * 6144 * 2 / 32 * 0.0181, 2 * 6144 * 2 / 32.0 * 50.4);  // converter
  const auto read = static_cast<double>(run.memory.read_bytes);
  const auto moved = 8 * (read + static_cast<double>(run.memory.written_bytes));
  const double crossbar = 32 * 15 * 256 / 32.0 * 50.4;
  const double side =
      std::sqrt(crossbar + 32 * price_of(hand.table, {2048, 1, 256, kTwoPorts}).area_um2);
  hand.logic(moved * 4 / 32 * 0.0181 + moved / 2 * 0.249 * side * 1e-3, crossbar);
  buffer({2048, 1, 256, kTwoPorts}, 32, std::ceil(read / 32), std::ceil(read / 32));
  hand.pj += 15 * moved;

  EXPECT_NEAR(run.energy.total_pj(), hand.pj, 1e-9 * hand.pj);
  EXPECT_NEAR(run.energy.total_um2(), hand.um2, 1e-9 * hand.um2);
  const std::int64_t bytes = 2 * 22'528 + 8192 + 3072 + 49'152 + 2 * 196'608 + 32 * 2048;
  EXPECT_EQ(spatten::sram_bytes(config), bytes);
  // Half the keys: half a row of everything that holds rows.
  config.k_buffer_bytes /= 2;
  EXPECT_EQ(spatten::sram_bytes(config), bytes - (2 * 22'528 + 8192 + 3072 + 49'152 + 196'608) / 2);
}

}  // namespace
}  // namespace hdp::test
