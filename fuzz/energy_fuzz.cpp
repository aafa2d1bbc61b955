// SPDX-License-Identifier: Apache-2.0
// An energy table: a valid one prices any width and any buffer, at nothing or more.
#include <array>
#include <cmath>

#include "machine/prices.hpp"
#include "mutate.hpp"
#include "settings_file.hpp"
#include "targets.hpp"

namespace hdp::fuzz {
namespace {

void expect_price(double price) {
  expect(std::isfinite(price) && price >= 0, "a price is a number, and not below 0");
}

bool play(std::string_view input) {
  EnergyTable table;
  if (!reads(input, table) || !accepts([&] { validate(table); })) return false;
  keep_chosen_technology(table);
  validate(table);
  (void)(title_of(table) + sources_of(table));
  const Prices prices(table);
  for (const double bits : std::array{1.0, 8.0, 16.0, 40.0}) {
    expect_price(prices.multiply(bits, 12));
    expect_price(prices.multiply_area(bits, 12));
    expect_price(prices.add(bits));
    expect_price(prices.mux_area(bits));
    expect_price(prices.wire(bits, 2));
  }
  for (const std::int64_t bytes : std::array{1, 1000, 16'384, 1 << 20}) {
    const SramPrice sram = prices.sram({.bytes = bytes, .banks = 4, .word_bits = 96});
    for (const double price : {sram.read_pj, sram.write_pj, sram.leakage_mw, sram.area_um2})
      expect_price(price);
  }
  return true;
}

std::string mutate(std::string_view input, RandomStream& random) {
  return mutate_document(input, schema_of("energy"), random);
}

}  // namespace

const Target kEnergy{"energy", play, mutate, 6'000};

}  // namespace hdp::fuzz
