// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include <hdp/config/field.hpp>

namespace toy {

enum class ToyKind : std::uint8_t { Toy };

struct ToyPruning {
  double keep = 0.5;

  static constexpr auto kFields = std::tuple{
      hdp::Field{&ToyPruning::keep, "keep", "",
                 "Share of the keys that a query sees which it keeps, rounded up: the first ones.",
                 hdp::Range{0.01, 1}}};

  [[nodiscard]] std::int64_t kept(std::int64_t visible) const;
};

struct ToyConfig {
  ToyKind kind = ToyKind::Toy;
  std::string name = "toy";
  std::int64_t clock_mhz = 500;
  std::int64_t multipliers = 64;
  std::int64_t bytes_per_cycle = 16;
  std::int64_t buffer_bytes = 65'536;
  ToyPruning prune;

  static constexpr auto kFields = std::tuple{
      hdp::Field{&ToyConfig::kind, "kind", "", "The accelerator."},
      hdp::Field{&ToyConfig::name, "name", "", "Name in reports."},
      hdp::Field{&ToyConfig::clock_mhz, "clock_mhz", "MHz", "Clock.", hdp::Range{1, 10'000}},
      hdp::Field{&ToyConfig::multipliers, "multipliers", "multipliers", "Of its one array.",
                 hdp::Range{1, 65'536}},
      hdp::Field{&ToyConfig::bytes_per_cycle, "bytes_per_cycle", "bytes", "From its memory.",
                 hdp::Range{1, 4096}},
      hdp::Field{&ToyConfig::buffer_bytes, "buffer_bytes", "bytes",
                 "Hold the kept keys and values of a head.", hdp::Range{1, 1e9}},
      hdp::Field{&ToyConfig::prune, "prune", "", "What is kept."}};
};

/// UserError where a setting contradicts another.
void validate(const ToyConfig& config);

}  // namespace toy

template <>
struct hdp::EnumNames<toy::ToyKind> {
  static constexpr std::array<std::string_view, 1> kNames{"toy"};
};
