// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "report/text_parts.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/report/page_point.hpp>

namespace hdp {
namespace {

/// A group of a report; one that is absent or null is empty.
class Group {
 public:
  Group(const Fact* fact, std::string path) : path_(std::move(path)) {
    if (fact == nullptr || fact->is_null()) return;
    facts_ = fact->as<Facts>();
    if (facts_ == nullptr) refuse_value(path_);
  }
  [[nodiscard]] const Facts& facts() const {
    static const Facts none;
    return facts_ == nullptr ? none : *facts_;
  }
  [[nodiscard]] Group group(std::string_view name) const {
    return {facts().find(name), path_of(name)};
  }
  [[nodiscard]] Group group(const NamedFact& member) const {
    return {&member.value, path_of(member.name)};
  }
  /// Of cycles or bytes.
  [[nodiscard]] double count(std::string_view name) const {
    const Fact* const fact = facts().find(name);
    if (fact == nullptr) refuse_value(path_of(name));
    return count_of(name, *fact);
  }
  [[nodiscard]] double count(const NamedFact& member) const {
    return count_of(member.name, member.value);
  }
  [[nodiscard]] double number(const NamedFact& member) const {
    const std::optional<double> value = member.value.number();
    if (!value) refuse_value(path_of(member.name));
    return *value;
  }

 private:
  [[nodiscard]] double count_of(std::string_view name, const Fact& fact) const {
    const auto* const value = fact.as<std::int64_t>();
    if (value == nullptr || *value < 0) refuse_value(path_of(name));
    return static_cast<double>(*value);
  }
  [[nodiscard]] std::string path_of(std::string_view name) const {
    return path_ + (path_.ends_with(": ") ? "" : ".") + one_line(name);
  }
  [[noreturn]] static void refuse_value(std::string path) {
    refuse(std::move(path), "is missing, or none that a report has", "a report of format report-1");
  }

  const Facts* facts_ = nullptr;
  std::string path_;
};

/// The one of this name, made where it is new.
template <class Named>
Named& named(std::vector<Named>& all, const std::string& name) {
  const auto at = std::ranges::find(all, name, &Named::name);
  if (at != all.end()) return *at;
  all.push_back({});
  all.back().name = name;
  return all.back();
}

std::vector<PagePart> critical_path_of(const Group& report) {
  std::vector<PagePart> parts;
  const Group path = report.group("critical_path");
  for (const NamedFact& unit : path.facts()) {
    const Group time = path.group(unit);
    const double cycles = time.count("work") + time.count("latency");
    if (cycles > 0) parts.push_back({one_line(unit.name), cycles});
  }
  return parts;
}

std::vector<PageUnit> units_of(const Group& report) {
  std::vector<PageUnit> units;
  const Group all = report.group("units");
  for (const NamedFact& instance : all.facts()) {
    const Group cycles = all.group(instance).group("cycles");
    PageUnit& sum = named(units, kind_of_instance(one_line(instance.name)));
    ++sum.instances;
    sum.idle += cycles.count("idle");
    sum.busy += cycles.count("busy");
    const Group blocked = cycles.group("blocked");
    for (const NamedFact& reason : blocked.facts())
      if (const double count = blocked.count(reason); count > 0)
        named(sum.blocked, one_line(reason.name)).value += count;
  }
  return units;
}

std::vector<PagePart> energy_of(const Group& report) {
  std::vector<PagePart> parts;
  const Group units = report.group("energy_pj").group("units");
  for (const NamedFact& instance : units.facts()) {
    const Group items = units.group(instance);
    PagePart& sum = named(parts, kind_of_instance(one_line(instance.name)));
    for (const NamedFact& item : items.facts()) sum.value += items.number(item);
  }
  std::erase_if(parts, [](const PagePart& part) { return !(part.value > 0); });
  return parts;
}

std::vector<PagePart> bytes_of(const Group& report) {
  std::vector<PagePart> parts;
  for (const auto& [key, word] : {std::pair{"read_bytes", ""}, {"written_bytes", " written"}}) {
    const Group tensors = report.group("memory").group(key);
    for (const NamedFact& tensor : tensors.facts())
      if (const double count = tensors.count(tensor); count > 0)
        parts.push_back({one_line(tensor.name) + word, count});
  }
  return parts;
}

std::optional<double> share(const Facts& decisions, std::string_view name) {
  const Fact* const fact = decisions.find(name);
  return fact == nullptr ? std::nullopt : fact->number();
}

}  // namespace

PagePoint page_point(const Fact& report, const std::string& origin) {
  PagePoint point;
  point.row = row_of_report(report, origin);
  const Group all(&report, origin + ": ");
  const Facts& decisions = all.group("decisions").facts();
  point.block_sparsity = share(decisions, "block_sparsity");
  point.head_sparsity = share(decisions, "head_sparsity");
  point.net_sparsity = share(decisions, "net_sparsity");
  point.critical_path = critical_path_of(all);
  point.units = units_of(all);
  point.energy_pj = energy_of(all);
  point.bytes = bytes_of(all);
  if (const Fact* const maps = all.facts().find("maps")) point.maps = page_maps(*maps, origin);
  const Fact* const remarks = all.facts().find("remarks");
  const auto* const list = remarks == nullptr ? nullptr : remarks->as<Fact::List>();
  if (list == nullptr) return point;
  for (const Fact& remark : *list)
    if (const auto* const text = remark.as<std::string>()) point.remarks.push_back(one_line(*text));
  return point;
}

}  // namespace hdp
