// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <utility>

#include <hdp/base/check.hpp>
#include <hdp/base/fact_path.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/json_spans.hpp>
#include <hdp/study/baseline_file.hpp>

namespace hdp {
namespace {

constexpr int kIndent = 2;

Facts facts_of(const BaselineCase& item) {
  return {{"name", item.name},
          {"machine", item.machine},
          {"workload", item.workload},
          {"set", item.set},
          {"expect", item.expect}};
}

/// A group with the spans of its members, by name.
class Group {
 public:
  Group(const Fact& fact, const JsonSpan& span) : facts_(*fact.as<Facts>()), span_(&span) {}

  [[nodiscard]] const Facts& facts() const { return facts_; }
  [[nodiscard]] const JsonSpan& span() const { return *span_; }
  [[nodiscard]] bool has(std::string_view name) const { return facts_.find(name) != nullptr; }
  [[nodiscard]] std::size_t index(std::string_view name) const {
    const auto* const found = std::ranges::find(facts_, name, &NamedFact::name);
    HDP_CHECK(found != facts_.end(), "the file has been read");
    return static_cast<std::size_t>(found - facts_.begin());
  }
  [[nodiscard]] const Fact& fact(std::string_view name) const { return *facts_.find(name); }
  [[nodiscard]] const JsonSpan& member(std::string_view name) const {
    return span_->members[index(name)];
  }
  [[nodiscard]] Group group(std::string_view name) const { return {fact(name), member(name)}; }

 private:
  const Facts& facts_;
  const JsonSpan* span_;
};

/// Writes what came out over what was expected. Returns the keys that are left.
std::vector<std::string> revise_case(const Group& expected, const CaseResult& result,
                                     JsonEdit& edit) {
  std::map<std::string_view, const Difference*> moved;
  for (const Difference& difference : result.differences)
    moved.emplace(difference.key, &difference);
  std::vector<bool> gone;
  std::vector<std::string> left;
  for (const NamedFact& value : expected.facts()) {
    const auto found = moved.find(value.name);
    const Difference* const difference = found == moved.end() ? nullptr : found->second;
    const bool number = difference == nullptr || (difference->after && difference->after->number());
    gone.push_back(!number);
    if (!number) continue;
    left.push_back(value.name);
    if (difference != nullptr)
      edit.replace(expected.span().members[gone.size() - 1], json_text(*difference->after));
  }
  edit.erase(expected.span(), gone);
  return left;
}

/// A tolerance without a key would be refused when the file is read again.
void drop_tolerances(const Group& file, const std::vector<std::string>& left, JsonEdit& edit) {
  if (!file.has("tolerance")) return;
  const Group tolerance = file.group("tolerance");
  std::vector<bool> gone;
  for (const NamedFact& entry : tolerance.facts())
    gone.push_back(std::ranges::none_of(
        left, [&](const std::string& key) { return is_within(key, entry.name); }));
  edit.erase(tolerance.span(), gone);
}

}  // namespace

std::string with_case(const std::string& text, const BaselineCase& added) {
  const Facts item = facts_of(added);
  if (text.empty())
    return facts_text(Facts{{"format", "baseline-1"}, {"cases", Fact::List{item}}}, kIndent);
  const Fact parsed = parse_facts(text, {});
  JsonEdit edit(text);
  edit.append(Group(parsed, edit.root()).member("cases"), 1, json_text(item, edit.indent()));
  return edit.take();
}

std::string with_results(const std::string& text, const CheckResults& results) {
  const Fact parsed = parse_facts(text, {});
  JsonEdit edit(text);
  const Group file(parsed, edit.root());
  const auto& cases = *file.fact("cases").as<Fact::List>();
  HDP_CHECK(cases.size() == results.size(), "a result a case");
  std::vector<std::string> left;
  std::size_t expected = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Group item(cases[i], file.member("cases").members[i]);
    expected += item.group("expect").facts().size();
    std::ranges::move(revise_case(item.group("expect"), results[i], edit),
                      std::back_inserter(left));
  }
  if (left.size() < expected) drop_tolerances(file, left, edit);
  return edit.take();
}

}  // namespace hdp
