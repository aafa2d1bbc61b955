// SPDX-License-Identifier: Apache-2.0
#include "head_names.hpp"

#include <charconv>

#include <hdp/base/error.hpp>

namespace hdp {
namespace {

HeadName read_head_name(const std::string& text) {
  HeadName name;
  const char* const end = text.data() + text.size();
  const auto layer = std::from_chars(text.data(), end, name.layer);
  if (layer.ec == std::errc{} && layer.ptr != end && *layer.ptr == ':') {
    const auto head = std::from_chars(layer.ptr + 1, end, name.head);
    if (head.ec == std::errc{} && head.ptr == end) return name;
  }
  refuse("--map", '"' + text + "\" names no head", "LAYER:HEAD, such as 0:3");
}

}  // namespace

std::vector<HeadName> read_head_names(const std::vector<std::string>& texts) {
  std::vector<HeadName> names;
  for (const std::string& text : texts) names.push_back(read_head_name(text));
  return names;
}

}  // namespace hdp
