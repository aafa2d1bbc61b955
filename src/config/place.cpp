// SPDX-License-Identifier: Apache-2.0
#include "config/place.hpp"

#include "config/json_tree.hpp"

namespace hdp {

Place Place::child(std::string_view key) const {
  if (dotted) return {path.empty() ? clipped(key) : path + "." + clipped(key), true};
  std::string text = path + "/";
  for (const char c : clipped(key)) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return {text, false};
}

}  // namespace hdp
