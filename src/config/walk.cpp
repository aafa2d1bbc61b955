// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/overloaded.hpp"
#include <hdp/base/check.hpp>
#include <hdp/config/walk.hpp>

namespace hdp {
namespace {

using Visit = std::function<void(std::string_view, const Setting&)>;

void walk(const Section& section, const std::string& prefix, const Visit& visit) {
  for (const Setting& setting : section.settings) {
    const std::string path = prefix + std::string(setting.name);
    const auto* gate = std::get_if<GroupSwitch>(&setting.target);
    const bool off = gate != nullptr && !gate->on(gate->target);
    if (const Section* members = members_of(setting); members != nullptr && !off) {
      walk(*members, path + ".", visit);
    } else {
      visit(path, setting);
    }
  }
}

}  // namespace

void for_each_setting(const Section& section, const Visit& visit) { walk(section, "", visit); }

const Setting* find_setting_at(const Section& section, std::string_view path) {
  const std::size_t end = std::min(path.find('.'), path.size());
  for (const Setting& setting : section.settings) {
    if (setting.name != path.substr(0, end)) continue;
    if (end == path.size()) return &setting;
    const Section* members = members_of(setting);
    return members == nullptr ? nullptr : find_setting_at(*members, path.substr(end + 1));
  }
  return nullptr;
}

const Section* members_of(const Setting& setting) {
  using Result = const Section*;
  return std::visit(
      Overloaded{[](const bool*) -> Result { return nullptr; },
                 [](const std::int64_t*) -> Result { return nullptr; },
                 [](const double*) -> Result { return nullptr; },
                 [](const std::string*) -> Result { return nullptr; },
                 [](const Choice&) -> Result { return nullptr; },
                 [](const std::optional<std::int64_t>*) -> Result { return nullptr; },
                 [](const std::vector<std::int64_t>*) -> Result { return nullptr; },
                 [](const std::vector<double>*) -> Result { return nullptr; },
                 [](const RowChoice*) -> Result { return nullptr; },
                 [](const GroupList&) -> Result { return nullptr; },
                 [](const GroupSwitch& group) -> Result { return group.members.get(); },
                 [](const std::unique_ptr<Section>& group) -> Result { return group.get(); }},
      setting.target);
}

std::string_view source_text(Source source) {
  switch (source) {
    case Source::Paper:
      return "paper";
    case Source::Recalled:
      return "recalled";
    case Source::Ours:
      return "ours";
    case Source::MeasuredRtl:
      return "measured on the authors' RTL";
  }
  HDP_CHECK(false, "unknown source");
  return {};
}

}  // namespace hdp
