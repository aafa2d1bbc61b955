// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cstddef>

#include <hdp/base/fact_path.hpp>

namespace hdp {
namespace {

std::string below(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + '.' + std::string(name);
}

void add_leaves(const Fact& fact, const std::string& path, bool in_list,
                std::vector<FactLeaf>& leaves) {
  if (const auto* const group = fact.as<Facts>()) {
    for (const NamedFact& member : *group)
      add_leaves(member.value, below(path, member.name), in_list, leaves);
  } else if (const auto* const list = fact.as<Fact::List>()) {
    for (std::size_t i = 0; i < list->size(); ++i)
      add_leaves((*list)[i], below(path, std::to_string(i)), true, leaves);
  } else {
    leaves.push_back({path, &fact, in_list});
  }
}

const Fact* find_in(const Fact::List& list, std::string_view path) {
  const std::string_view index = path.substr(0, path.find('.'));
  std::size_t i = 0;
  const auto read = std::from_chars(index.data(), index.data() + index.size(), i);
  // "01" is no index: a value has one path.
  if (read.ec != std::errc{} || i >= list.size() || std::to_string(i) != index) return nullptr;
  return index.size() == path.size() ? &list[i] : find_at(list[i], path.substr(index.size() + 1));
}

}  // namespace

std::vector<FactLeaf> leaves_of(const Fact& tree) {
  std::vector<FactLeaf> leaves;
  add_leaves(tree, {}, false, leaves);
  return leaves;
}

const Fact* find_at(const Fact& tree, std::string_view path) {
  if (const auto* const list = tree.as<Fact::List>()) return find_in(*list, path);
  const auto* const group = tree.as<Facts>();
  if (group == nullptr) return nullptr;
  std::vector<const NamedFact*> starts;
  for (const NamedFact& member : *group)
    if (is_within(path, member.name)) starts.push_back(&member);
  std::ranges::sort(starts, [](const NamedFact* a, const NamedFact* b) {
    return a->name.size() > b->name.size();
  });
  for (const NamedFact* start : starts) {
    if (start->name.size() == path.size()) return &start->value;
    if (const Fact* const found = find_at(start->value, path.substr(start->name.size() + 1)))
      return found;
  }
  return nullptr;
}

bool is_within(std::string_view path, std::string_view group) {
  return path.starts_with(group) && (path.size() == group.size() || path[group.size()] == '.');
}

}  // namespace hdp
