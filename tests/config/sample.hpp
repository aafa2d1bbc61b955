// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>

#include <hdp/base/error.hpp>
#include <hdp/config/section.hpp>

namespace hdp {

enum class Map { Stripe, Block, Hash };
template <>
struct EnumNames<Map> {
  static constexpr std::array<std::string_view, 3> kNames{"stripe", "block", "hash"};
};

namespace test {

struct PeArray {
  std::int64_t rows = 16;
  bool fused = true;
  bool operator==(const PeArray&) const = default;
  static constexpr auto kFields = std::tuple{
      Field{&PeArray::rows, "rows", "PEs", "Rows of PEs.", Range{1, 1024}, Source::Paper},
      Field{&PeArray::fused, "fused", "", "Two products in one cycle."}};
};

struct Core {
  PeArray pe_array;
  double rho = 0.5;
  Map map = Map::Block;
  bool operator==(const Core&) const = default;
  static constexpr auto kFields =
      std::tuple{Field{&Core::pe_array, "pe_array", "", "The PEs of a core."},
                 Field{&Core::rho, "rho", "", "Position of the threshold.", Range{-1, 1, true}},
                 Field{&Core::map, "map", "", "Rows to banks."}};
};

/// One setting of every kind.
struct Sample {
  std::string label = "plain";
  std::int64_t seed = 2407;
  std::optional<std::int64_t> budget;
  double clock = 800;
  Core core;
  bool operator==(const Sample&) const = default;
  static constexpr auto kFields = std::tuple{
      Field{&Sample::label, "label", "", "Free text."},
      Field{&Sample::seed, "seed", "", "Seed of all random streams."},
      Field{&Sample::budget, "budget", "cycles", "Longest run.", Range{1}},
      Field{&Sample::clock, "clock", "MHz", "Clock.", Range{0.001, 10000.}, Source::Recalled},
      Field{&Sample::core, "core", "", "A core."}};
};

/// The one line of the UserError that `action` throws.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace test
}  // namespace hdp
