// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/check.hpp>
#include <hdp/base/error.hpp>
#include <hdp/machine/energy_table.hpp>

namespace hdp {
namespace {

std::string name_of_technology(std::int64_t node_nm, CellType cell_type) {
  return fmt::format("{} nm {}", node_nm, name_of(cell_type));
}

const Technology* find_technology(const EnergyTable& table) {
  const auto found = std::ranges::find_if(table.technologies, [&](const Technology& technology) {
    return technology.node_nm == table.node_nm && technology.cell_type == table.cell_type;
  });
  return found == table.technologies.end() ? nullptr : &*found;
}

[[noreturn]] void refuse_technology(const EnergyTable& table) {
  std::vector<std::string> known;
  for (const Technology& technology : table.technologies)
    known.push_back(name_of_technology(technology.node_nm, technology.cell_type));
  throw UserError(
      {.path = "/energy/node_nm, /energy/cell_type",
       .problem = fmt::format("{} is not in the table {}",
                              name_of_technology(table.node_nm, table.cell_type), table.name),
       .allowed = fmt::format("{}; energy_table names another table", fmt::join(known, ", "))});
}

/// Prices between macros are taken from the four around them.
void refuse_gaps(const Technology& technology) {
  std::set<std::int64_t> capacities, words;
  std::set<std::pair<std::int64_t, std::int64_t>> known;
  const auto refuse = [&](std::int64_t bytes, std::int64_t word, std::string_view problem) {
    throw UserError(
        {.path = "/energy/technologies",
         .problem = fmt::format("{} has {} macro of {} bytes and words of {} bits",
                                name_of_technology(technology.node_nm, technology.cell_type),
                                problem, bytes, word),
         .allowed = "every capacity with every word, once"});
  };
  for (const SramMacro& macro : technology.macros) {
    capacities.insert(macro.bytes);
    words.insert(macro.word_bits);
    if (!known.emplace(macro.bytes, macro.word_bits).second)
      refuse(macro.bytes, macro.word_bits, "more than one");
  }
  for (const std::int64_t bytes : capacities)
    for (const std::int64_t word : words)
      if (!known.contains({bytes, word})) refuse(bytes, word, "no");
}

/// Others follow by the product of their widths.
void refuse_equal_multipliers(const EnergyTable& table) {
  std::set<std::int64_t> sizes;
  for (const MultiplierEntry& entry : table.multipliers)
    if (const std::int64_t size = entry.a_bits * entry.b_bits; !sizes.insert(size).second)
      throw UserError({.path = "/energy/multipliers",
                       .problem = fmt::format("{} x {} bits is the second with a product of {}",
                                              entry.a_bits, entry.b_bits, size),
                       .allowed = "every product of widths once"});
}

}  // namespace

void validate(const EnergyTable& table) {
  const Technology* const technology = find_technology(table);
  if (technology == nullptr) refuse_technology(table);
  refuse_gaps(*technology);
  if (table.multipliers.empty())
    throw UserError({.path = "/energy/multipliers", .problem = "none", .allowed = "one at least"});
  refuse_equal_multipliers(table);
}

const Technology& technology_of(const EnergyTable& table) {
  const Technology* const technology = find_technology(table);
  HDP_CHECK(technology != nullptr, "a valid table has the technology that it is set to");
  return *technology;
}

void keep_chosen_technology(EnergyTable& table) { table.technologies = {technology_of(table)}; }

std::string sources_of(const EnergyTable& table) {
  return fmt::format("energies and areas by {} ({}), a DRAM's energy by the currents of its file.",
                     title_of(table), table.source);
}

std::string title_of(const EnergyTable& table) {
  return fmt::format("{}, {} nm, {}", table.name, table.node_nm, name_of(table.cell_type));
}

template Section bind<EnergyTable>(EnergyTable&);

}  // namespace hdp
