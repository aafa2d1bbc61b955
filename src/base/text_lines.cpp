// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/text_lines.hpp>

namespace hdp {

TextLines::TextLines(std::filesystem::path path) : path_(std::move(path)), file_(path_) {}

bool TextLines::next(std::string& line) {
  constexpr std::size_t kPiece = std::size_t{1} << 16U;
  line.clear();
  bool any = false;
  while (true) {
    if (at_ == piece_.size()) {
      piece_ = file_.read(taken_, kPiece);
      at_ = 0;
      if (piece_.empty()) return any;
    }
    if (!any) ++number_;
    any = true;
    const std::size_t stop = piece_.find('\n', at_);
    const bool whole = stop != std::string::npos;
    line.append(piece_, at_, whole ? stop - at_ : stop);
    const std::size_t next = whole ? stop + 1 : piece_.size();
    taken_ += next - at_;
    at_ = next;
    if (line.size() > kLargestText)
      refuse(where(), "is a line too long", fmt::format("at most {} bytes", kLargestText));
    if (whole) return true;
  }
}

std::string TextLines::where() const { return fmt::format("{}:{}", path_.string(), number_); }

}  // namespace hdp
