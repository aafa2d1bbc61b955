// SPDX-License-Identifier: Apache-2.0
#include <hdp/config/facts_text.hpp>
#include <hdp/report/setting_list.hpp>

namespace hdp {
namespace {

void collect(const Facts& group, const std::string& prefix, std::vector<ListedSetting>& to) {
  for (const NamedFact& member : group) {
    const std::string path = prefix + member.name;
    const auto* const inner = member.value.as<Facts>();
    if (inner != nullptr && !inner->empty())
      collect(*inner, path + ".", to);
    else
      to.emplace_back(path, json_text(member.value));
  }
}

}  // namespace

std::vector<ListedSetting> list_settings(const Facts& config) {
  std::vector<ListedSetting> settings;
  collect(config, {}, settings);
  return settings;
}

std::string setting_text(const Fact& value) {
  const auto* const text = value.as<std::string>();
  return text == nullptr ? json_text(value) : *text;
}

}  // namespace hdp
