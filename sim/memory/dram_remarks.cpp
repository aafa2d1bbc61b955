// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <fmt/format.h>

#include <hdp/memory/dram_energy.hpp>
#include <hdp/memory/dram_result.hpp>

namespace hdp {
namespace {

constexpr double kFewBursts = 4;
constexpr std::int64_t kManyActivations = 100;

/// Whether the map has all fields of `lower` below `upper`.
bool lies_below(std::string_view map, std::string_view upper, std::string_view lower) {
  const std::size_t at = map.find(lower);
  return at == std::string_view::npos || at > map.find(upper);
}

/// Where the map is one for streams already.
std::string reason(std::string_view map) {
  return fmt::format(", because requests are scattered or streams share its banks{}",
                     map.find('^') == std::string_view::npos
                         ? "; \"ba^ro\" in the map keeps apart those that lie a power of two apart"
                         : "");
}

std::string advice(const DramConfig& config, std::string_view gain) {
  return fmt::format(R"(; the map "{}" {} (now "{}"))", DramConfig{}.map, gain, config.map);
}

}  // namespace

std::vector<std::string> dram_remarks(const DramUse& use) {
  const DramConfig& config = use.config;
  const std::string_view map = config.map;
  std::vector<std::string> remarks;
  const auto bytes = use.result.bytes_per_activation(config);
  const std::int64_t access = config.organisation.access_bytes();
  const bool many = use.result.total.commands[index_of(DramCommand::Act)] >= kManyActivations;
  if (bytes && many && *bytes < kFewBursts * static_cast<double>(access)) {
    const DramEnergy energy = energy_of(config, use.result);
    const bool streams = lies_below(map, "ba", "co") && lies_below(map, "ro", "co");
    remarks.push_back(fmt::format(
        "A row of the DRAM, {} bytes, is opened for {:.0f} of them: {:.0f} % of its energy are "
        "activations{}.",
        config.organisation.columns * config.organisation.bus_bytes, *bytes,
        100 * energy.activate_pj / energy.total_pj(),
        streams ? reason(map) : advice(config, "keeps a stream in its rows")));
  }
  if (use.result.limiter().limit == DramLimit::BankGroup)
    remarks.push_back(fmt::format(
        "tCCD_L holds the data bus of the DRAM back{}.",
        lies_below(map, "co", "bg") ? "" : advice(config, "changes the bank group every burst")));
  return remarks;
}

}  // namespace hdp
