// SPDX-License-Identifier: Apache-2.0
#include "machine/layer/add_costs.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <hdp/machine/energy.hpp>

namespace hdp::layer {
namespace {

bool has(const std::vector<UnitCost>& units, const std::string& instance) {
  return std::ranges::find(units, instance, &UnitCost::instance) != units.end();
}

void scale_leakage(double factor, UnitCost& unit) {
  for (CostItem& item : unit.items)
    if (item.kind == kLeakage) item.value *= factor;
}

/// Every unit leaks for as long as the run takes. What it leaks in the layers is theirs if the
/// layers have it, whatever part of it they price (`attention` prices the whole of it).
void leak_throughout(double attention_cycles, double layer_cycles, std::vector<UnitCost>& attention,
                     std::vector<UnitCost>& layers) {
  for (UnitCost& unit : layers) {
    const auto whole = std::ranges::find(attention, unit.instance, &UnitCost::instance);
    if (whole == attention.end()) {
      scale_leakage((attention_cycles + layer_cycles) / layer_cycles, unit);
      continue;
    }
    std::erase_if(unit.items, [](const CostItem& item) { return item.kind == kLeakage; });
    for (const CostItem& item : whole->items)
      if (item.kind == kLeakage)
        unit.items.push_back({item.kind, item.value * layer_cycles / attention_cycles});
  }
  for (UnitCost& unit : attention)
    if (!has(layers, unit.instance))
      scale_leakage((attention_cycles + layer_cycles) / attention_cycles, unit);
}

UnitCost& unit_of(std::vector<UnitCost>& units, const std::string& instance) {
  const auto found = std::ranges::find(units, instance, &UnitCost::instance);
  return found != units.end() ? *found : *units.insert(units.end(), {instance, {}});
}

void add_cost(const UnitCost& more, double times, UnitCost& unit) {
  for (const CostItem& item : more.items) {
    auto own = std::ranges::find(unit.items, item.kind, &CostItem::kind);
    if (own == unit.items.end()) own = unit.items.insert(own, {item.kind, 0});
    own->value += times * item.value;
  }
}

/// Units that the attention has, too, keep their name.
std::string name_beside(const std::vector<UnitCost>& attention, const std::string& instance) {
  return has(attention, instance) ? instance : std::string(kLayerPrefix) + instance;
}

}  // namespace

double add_energy(std::span<const PlayedLayer> played, std::int64_t cycles, RunResult& run) {
  if (!run.energy_pj) return 0;
  std::vector<UnitCost>& attention = *run.energy_pj;
  std::vector<UnitCost> layers;
  for (const PlayedLayer& layer : played)
    for (const UnitCost& unit : layer.result.energy.energy_pj)
      add_cost(unit, static_cast<double>(layer.times()),
               unit_of(layers, name_beside(attention, unit.instance)));
  leak_throughout(static_cast<double>(run.cycles), static_cast<double>(cycles), attention, layers);
  for (const UnitCost& unit : layers) add_cost(unit, 1, unit_of(attention, unit.instance));
  return total_of(layers);
}

void add_area(std::span<const PlayedLayer> played, RunResult& run) {
  if (!run.area) return;
  std::vector<UnitCost>& units = run.area->units;
  for (const UnitCost& unit : played.front().result.energy.area_um2)
    if (!has(units, unit.instance))
      units.push_back({std::string(kLayerPrefix) + unit.instance, unit.items});
}

}  // namespace hdp::layer
