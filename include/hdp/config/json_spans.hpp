// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hdp {

/// Where a value stands in a JSON text, and what it holds, in the order of parse_facts().
struct JsonSpan {
  std::size_t start = 0;  ///< Of its key; of what has none, as `begin`.
  std::size_t begin = 0, end = 0;
  std::vector<JsonSpan> members{};  ///< Of a group or list.
};

/// Of the whole text, which parse_facts() has taken.
JsonSpan json_spans(std::string_view text);

/// Changes to a JSON text that leave every other byte as it is. Each value is changed once at most;
/// spans are those of the text as it was.
class JsonEdit {
 public:
  explicit JsonEdit(std::string text);

  [[nodiscard]] const JsonSpan& root() const { return root_; }
  void replace(const JsonSpan& value, std::string text);
  /// Members go, with their commas; `gone[i]` says whether the i-th does.
  void erase(const JsonSpan& group, const std::vector<bool>& gone);
  /// A last member of a list that lies `depth` groups deep. `text` is made for the indentation that
  /// indent() says, and is shifted to its place.
  void append(const JsonSpan& list, int depth, const std::string& text);
  /// Spaces of a level, as the text has them; -1 where it stands on one line.
  [[nodiscard]] int indent() const { return indent_; }
  [[nodiscard]] std::string take() const;

 private:
  struct Change {
    std::size_t begin, end;
    std::string text;
  };
  std::string text_;
  JsonSpan root_;
  int indent_;
  std::vector<Change> changes_{};
};

}  // namespace hdp
