// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/facts.hpp>

namespace hdp {

/// A value of a tree that is neither group nor list, by its dotted path: "memory.read_bytes.q".
struct FactLeaf {
  std::string path;   ///< Names from the top down; an item of a list by its index, from 0.
  const Fact* value;  ///< In the tree, which must outlive it.
  bool in_list;       ///< Of an item of a list, or below one.
};

/// All values, in their order. Names may hold dots, so that two may have one path.
std::vector<FactLeaf> leaves_of(const Fact& tree);

/// What stands at a dotted path: value, group or list; null where nothing does. A name that holds
/// dots is met by the longest match.
const Fact* find_at(const Fact& tree, std::string_view path);

/// Whether `path` is `group`, or lies below it.
bool is_within(std::string_view path, std::string_view group);

}  // namespace hdp
