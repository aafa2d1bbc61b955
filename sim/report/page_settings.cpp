// SPDX-License-Identifier: Apache-2.0
#include "report/page_settings.hpp"

#include <algorithm>

namespace hdp {

std::vector<std::size_t> PageSettings::add(const std::string& machine, const Facts& config) {
  std::vector<ListedSetting> settings = list_settings(config);
  const auto [place, is_new] = whole_of_.try_emplace(machine, wholes_.size());
  if (is_new) {
    Whole& whole = wholes_.emplace_back();
    whole.settings = std::move(settings);
    for (const auto& [path, json] : whole.settings) whole.by_path.try_emplace(path, json);
    return {place->second};
  }
  std::vector<std::size_t> said{place->second};
  const Whole& whole = wholes_[place->second];
  if (std::ranges::equal(settings, whole.settings, {}, &ListedSetting::first,
                         &ListedSetting::first)) {
    for (std::size_t i = 0; i < settings.size(); ++i)
      if (settings[i].second != whole.settings[i].second)
        said.push_back(difference(settings[i].first, settings[i].second, true));
    return said;
  }
  auto missing = whole.by_path;
  for (auto& [path, json] : settings) {
    const auto same = missing.find(path);
    if (same == missing.end() || same->second != json) said.push_back(difference(path, json, true));
    if (same != missing.end()) missing.erase(same);
  }
  for (const auto& [path, json] : missing) said.push_back(difference(std::string(path), {}, false));
  return said;
}

std::size_t PageSettings::difference(std::string path, std::string json, bool there) {
  const auto [place, is_new] = known_.try_emplace({path, json}, differences_.size());
  if (is_new) {
    Fact::List said{std::move(path)};
    if (there) said.emplace_back(std::move(json));
    differences_.emplace_back(std::move(said));
  }
  return place->second;
}

Fact::List PageSettings::wholes() const {
  Fact::List wholes;
  for (const Whole& whole : wholes_) {
    Fact::List settings;
    for (const auto& [path, json] : whole.settings) settings.emplace_back(Fact::List{path, json});
    wholes.emplace_back(std::move(settings));
  }
  return wholes;
}

Fact::List PageSettings::differences() const { return differences_; }

}  // namespace hdp
