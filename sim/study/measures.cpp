// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/base/check.hpp>
#include <hdp/study/measures.hpp>

namespace hdp {
namespace {

std::optional<double> number_in(const Facts& facts, std::string_view key) {
  const Fact* const fact = facts.find(key);
  return fact == nullptr ? std::nullopt : fact->number();
}

std::optional<double> output_measure(const Fidelity& fidelity, std::string_view key) {
  if (key == "relative_frobenius") return fidelity.error.relative_frobenius();
  if (fidelity.heads == 0) return std::nullopt;
  return fidelity.mass_kept();
}

/// Products with V are a phase of every kind.
std::optional<double> prune_ratio(const RunResult& run) {
  const auto made = number_in(run.macs, "value");
  if (!made || run.dense_value_macs == 0) return std::nullopt;
  return 1 - *made / static_cast<double>(run.dense_value_macs);
}

void check(std::string_view key) {
  HDP_CHECK(std::ranges::find(kMeasures, key) != kMeasures.end(), "no such measure");
}

}  // namespace

bool compares_outputs(std::string_view key) {
  return key == "mass_kept" || key == "relative_frobenius";
}

bool rises_with_pruning(std::string_view key) { return key != "mass_kept"; }

std::optional<double> measure_of(const RunResult& run, std::string_view key) {
  check(key);
  if (compares_outputs(key))
    return run.layers.empty() ? std::nullopt : output_measure(run.fidelity, key);
  return key == "prune_ratio" ? prune_ratio(run) : number_in(run.decisions, key);
}

std::optional<double> measure_of(const RunResult& run, std::string_view key, std::size_t layer) {
  check(key);
  if (compares_outputs(key))
    return layer < run.layers.size() ? output_measure(run.layers[layer], key) : std::nullopt;
  const Fact* const found = run.decisions.find("layers");
  const auto* const layers = found == nullptr ? nullptr : found->as<Fact::List>();
  if (layers == nullptr || layer >= layers->size()) return std::nullopt;
  const auto* const facts = (*layers)[layer].as<Facts>();
  const bool of_all = facts != nullptr && facts->find("sequence") == nullptr;
  return of_all ? number_in(*facts, key) : std::nullopt;
}

std::optional<Share> counts_of(const RunResult& run, std::string_view key) {
  const bool heads = key == "head_sparsity";
  if (!heads && key != "block_sparsity") return std::nullopt;
  const auto count = [&](std::string_view name) -> std::optional<std::int64_t> {
    const Fact* const fact = run.decisions.find(name);
    const auto* const value = fact == nullptr ? nullptr : fact->as<std::int64_t>();
    return value == nullptr ? std::nullopt : std::optional(*value);
  };
  const auto part = count(heads ? "heads_pruned" : "blocks_pruned"),
             whole = count(heads ? "heads_total" : "blocks_existing");
  if (!part || !whole) return std::nullopt;
  return Share{*part, *whole};
}

}  // namespace hdp
