// SPDX-License-Identifier: Apache-2.0
#include "study/sweep/workload.hpp"

#include "study/sweep/jobs.hpp"
#include <hdp/base/error.hpp>
#include <hdp/study/layer_options.hpp>

namespace hdp {
namespace {

std::int64_t integer_of(const PointSetting& setting, std::int64_t least, std::int64_t most) {
  const auto* const value = setting.value.as<std::int64_t>();
  if (value == nullptr || *value < least || *value > most)
    refuse(setting.path, setting_text(setting),
           "whole numbers from " + std::to_string(least) + " to " + std::to_string(most));
  return *value;
}

std::string layer_of(const PointSetting& setting) {
  const auto* const word = setting.value.as<std::string>();
  if (word == nullptr || (*word != "attention" && *word != "whole"))
    refuse(setting.path, setting_text(setting), "attention, whole");
  return *word;
}

}  // namespace

Workload sweep_workload(const Catalog& catalog, const std::string& name,
                        const std::vector<PointSetting>& settings) {
  RowFilter filter;
  LayerOptions layer;
  std::vector<std::string> changes;
  for (const PointSetting& setting : settings) {
    if (!setting.path.starts_with(kWorkloadPrefix)) continue;
    const std::string key = setting.path.substr(kWorkloadPrefix.size());
    if (key == "layer")
      layer.layer = layer_of(setting);
    else if (key == "hidden")
      layer.hidden = integer_of(setting, 1, kMostWidth);
    else if (key == "ffn")
      layer.ffn = integer_of(setting, 1, kMostWidth);
    else if (key == "rows")
      filter.most = integer_of(setting, 1, RowFilter::kMost);
    else if (key == "iteration")
      filter.iteration = integer_of(setting, 0, RowFilter::kMost);
    else
      changes.push_back(setting_text({key, setting.value}));
  }
  return with_layers(resolve_workload(catalog, name, filter, changes), layer,
                     std::string(kWorkloadPrefix));
}

}  // namespace hdp
