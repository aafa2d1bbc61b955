// SPDX-License-Identifier: Apache-2.0
#include "report_check.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "target.hpp"
#include <hdp/config/facts_text.hpp>

namespace hdp::fuzz {
namespace {

constexpr double kRounding = 1e-9;

double number_at(const Facts& facts, std::string_view name) {
  const Fact* const found = facts.find(name);
  return found == nullptr ? 0 : found->number().value_or(0);
}

const Facts& group_at(const Facts& facts, std::string_view name) {
  static const Facts kNone;
  const Fact* const found = facts.find(name);
  return found == nullptr || found->as<Facts>() == nullptr ? kNone : *found->as<Facts>();
}

double sum_of(const Facts& facts) {
  double sum = 0;
  for (const NamedFact& fact : facts) sum += fact.value.number().value_or(0);
  return sum;
}

void say(bool kept, const std::string& path, std::string_view promise) {
  if (!kept) throw Finding(path + ": " + std::string(promise));
}

bool is_share(std::string_view path) {
  constexpr std::array<std::string_view, 5> kWords{"fraction", "share", "utilisation", "mass_kept",
                                                   "_sparsity"};
  if (path.starts_with(".macs")) return false;
  return path.find(".load.") != std::string_view::npos ||
         std::ranges::any_of(kWords, [&](std::string_view word) { return path.ends_with(word); });
}

bool counts(std::string_view path) {
  constexpr std::array<std::string_view, 5> kGroups{".energy_pj", ".area_um2", ".memory", ".units",
                                                    ".macs"};
  return std::ranges::any_of(kGroups,
                             [&](std::string_view group) { return path.starts_with(group); });
}

/// No baseline, nothing drawn, no table of energies, outputs of zeros, no second pass, nothing that
/// went; and settings may be null.
bool may_be_absent(std::string_view path) {
  constexpr std::array<std::string_view, 12> kNames{
      ".baseline",     ".seed",
      ".energy_pj",    ".area_um2",
      ".power_w",      ".energy_delay_js",
      ".energy_ratio", ".relative_frobenius",
      ".cosine",       ".second_pass_last_score_cycle",
      ".head_limit",   "_cut_margin"};
  return path.find(".settings") != std::string_view::npos ||
         std::ranges::any_of(kNames, [&](std::string_view name) { return path.ends_with(name); });
}

void check_units(const Facts& report) {
  const double cycles = number_at(report, "cycles");
  for (const NamedFact& unit : group_at(report, "units")) {
    const Facts& split = group_at(*unit.value.as<Facts>(), "cycles");
    const double total = number_at(split, "total");
    say(total == cycles, unit.name, "charges every cycle of the run");
    say(total == number_at(split, "idle") + number_at(split, "busy") +
                     sum_of(group_at(split, "blocked")),
        unit.name, "its cycles add up");
  }
}

void check_memory(const Facts& report) {
  const Facts& memory = group_at(report, "memory");
  const double moved = number_at(memory, "moved_bytes");
  const double peak = number_at(group_at(report, "resources"), "peak_bytes_per_s");
  // What is still buffered at the end is drained behind it.
  const double ns = number_at(report, "time_ns") +
                    number_at(memory, "drain_cycles") * number_at(memory, "tck_ps") / 1e3;
  say(peak == 0 || moved <= peak * ns * 1e-9 * (1 + kRounding) + 1, "memory",
      "moves no more than its peak");
}

}  // namespace

void check_numbers(const Fact& fact, const std::string& path) {
  if (const auto* const facts = fact.as<Facts>())
    for (const NamedFact& named : *facts) check_numbers(named.value, path + '.' + named.name);
  if (const auto* const list = fact.as<Fact::List>())
    for (const Fact& item : *list) check_numbers(item, path);
  say(!fact.is_null() || may_be_absent(path), path,
      "is a number: what is not finite is written null");
  const auto number = fact.number();
  if (!number) return;
  say(!is_share(path) || (*number >= -kRounding && *number <= 1 + kRounding), path, "is a share");
  say(!counts(path) || *number >= 0, path, "is not below 0");
}

void check_report(std::string_view json) {
  const Fact parsed = parse_facts(json, "report");
  const Facts& report = *parsed.as<Facts>();
  for (const NamedFact& part : report) check_numbers(part.value, '.' + part.name);
  check_units(report);
  check_memory(report);
}

}  // namespace hdp::fuzz
