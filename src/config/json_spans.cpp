// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <hdp/base/check.hpp>
#include <hdp/config/json_spans.hpp>

namespace hdp {
namespace {

constexpr std::string_view kSpace = " \t\n\r", kByteOrderMark = "\xef\xbb\xbf";

/// Walks a text that is known to be JSON.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  JsonSpan value() {
    skip_space();
    JsonSpan span{.start = at_, .begin = at_};
    const char first = peek();
    if (first == '{' || first == '[') {
      ++at_;
      read_members(span, first == '{');
    } else if (first == '"') {
      skip_string();
    } else {
      at_ = std::min(text_.find_first_of(",]} \t\n\r", at_), text_.size());
    }
    span.end = at_;
    return span;
  }

 private:
  [[nodiscard]] char peek() const {
    HDP_CHECK(at_ < text_.size(), "spans are those of a whole JSON text");
    return text_[at_];
  }
  void skip_space() { at_ = std::min(text_.find_first_not_of(kSpace, at_), text_.size()); }
  void skip_string() {
    for (++at_; peek() != '"'; ++at_)
      if (peek() == '\\') ++at_;
    ++at_;
  }
  /// Up to the closing bracket, which is taken.
  void read_members(JsonSpan& group, bool keys) {
    for (skip_space(); peek() != '}' && peek() != ']'; skip_space()) {
      const std::size_t start = at_;
      if (keys) {
        skip_string();
        skip_space();
        ++at_;  // the colon
      }
      group.members.push_back(value());
      if (keys) group.members.back().start = start;
      skip_space();
      if (peek() == ',') ++at_;
    }
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Spaces between the start of a line and the first member of the text.
int indent_of(std::string_view text, const JsonSpan& root) {
  constexpr int kUsual = 2;
  if (root.members.empty()) return kUsual;
  const std::string_view before = text.substr(root.begin, root.members.front().start - root.begin);
  const std::size_t line = before.rfind('\n');
  if (line == std::string_view::npos) return -1;
  const std::string_view space = before.substr(line + 1);
  const bool spaces = !space.empty() && space.find('\t') == std::string_view::npos;
  return spaces ? static_cast<int>(space.size()) : kUsual;
}

std::string new_line(int depth, int indent) {
  return '\n' +
         std::string(static_cast<std::size_t>(depth) * static_cast<std::size_t>(indent), ' ');
}

}  // namespace

JsonSpan json_spans(std::string_view text) { return Scanner(text).value(); }

JsonEdit::JsonEdit(std::string text)
    : text_(std::move(text)), root_(json_spans(text_)), indent_(indent_of(text_, root_)) {}

void JsonEdit::replace(const JsonSpan& value, std::string text) {
  changes_.push_back({value.begin, value.end, std::move(text)});
}

void JsonEdit::erase(const JsonSpan& group, const std::vector<bool>& gone) {
  const auto& members = group.members;
  const auto last_kept = std::ranges::find(gone.rbegin(), gone.rend(), false);
  if (last_kept == gone.rend()) {
    if (!members.empty()) changes_.push_back({group.begin + 1, group.end - 1, {}});
    return;
  }
  const auto kept = static_cast<std::size_t>(gone.rend() - last_kept) - 1;
  for (std::size_t i = 0; i < kept; ++i)
    if (gone[i]) changes_.push_back({members[i].start, members[i + 1].start, {}});
  if (kept + 1 < members.size()) changes_.push_back({members[kept].end, members.back().end, {}});
}

void JsonEdit::append(const JsonSpan& list, int depth, const std::string& text) {
  std::string member, tail;
  if (indent_ < 0) {
    member = list.members.empty() ? text : ", " + text;
  } else {
    const std::string line = new_line(depth + 1, indent_);
    member = list.members.empty() ? line : ',' + line;
    for (const char c : text) c == '\n' ? member += line : member += c;
    if (list.members.empty()) tail = new_line(depth, indent_);
  }
  const std::size_t at = list.members.empty() ? list.begin + 1 : list.members.back().end;
  const std::size_t end = list.members.empty() ? list.end - 1 : at;
  changes_.push_back({at, end, member + tail});
}

std::string JsonEdit::take() const {
  std::vector<Change> changes = changes_;
  std::ranges::stable_sort(changes, {}, &Change::begin);
  std::string text;
  std::size_t at = 0;
  for (const Change& change : changes) {
    HDP_CHECK(change.begin >= at, "a value is changed once");
    text += text_.substr(at, change.begin - at) + change.text;
    at = change.end;
  }
  return text + text_.substr(at);
}

}  // namespace hdp
