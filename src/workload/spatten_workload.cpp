// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "workload/spatten_header.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/workload/spatten_workload.hpp>

namespace hdp {
namespace {

using detail::SpattenColumn;
using Cells = std::vector<std::string_view>;

constexpr std::size_t kMostCells = 64;
constexpr std::size_t kMostBytes = 256 * kMostSpattenRows;  // twice what the longest rows are

/// Takes the first line off `text`, without its end.
std::string_view next_line(std::string_view& text) {
  std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// `cells` is given its memory back, line after line.
void split(std::string_view line, Cells& cells) {
  cells.clear();
  for (std::size_t begin = 0; begin != std::string_view::npos;) {
    if (cells.size() == kMostCells)
      refuse({}, fmt::format("more than {} cells", kMostCells), "as many as the header has");
    const std::size_t comma = line.find(',', begin);
    cells.push_back(line.substr(begin, comma - begin));
    begin = comma == std::string_view::npos ? comma : comma + 1;
  }
}

bool is_trailer(const Cells& cells) {
  return !detail::is_number(cells.front()) &&
         std::ranges::all_of(std::span(cells).subspan(1), &std::string_view::empty);
}

SpattenRow row_of(const Cells& cells, const std::vector<const SpattenColumn*>& order,
                  SpattenFormat format) {
  if (cells.size() != order.size())
    refuse({}, fmt::format("{} cells", cells.size()),
           fmt::format("{}, as the header has", order.size()));
  SpattenRow row;
  for (std::size_t i = 0; i < cells.size(); ++i) detail::read_cell(*order[i], cells[i], row);
  if (format == SpattenFormat::Prefill) row.value_fetch = row.key_fetch;
  detail::check_row(format, row);
  return row;
}

/// Reads line after line, and knows at which it stands.
class Reader {
 public:
  Reader(std::string_view text, SpattenWorkload& workload) : rest_(text), workload_(workload) {}

  [[nodiscard]] std::size_t line() const { return line_; }

  void read() {
    advance();
    workload_.format = detail::format_of(cells_);
    const auto order = detail::columns_in(cells_, workload_.format);
    // A cell is a byte and a separator or more, so the text bounds the rows.
    const std::size_t fewest_bytes = 2 * order.size();
    workload_.rows.reserve(std::min(rest_.size() / fewest_bytes + 1, kMostSpattenRows));
    while (!rest_.empty()) {
      advance();
      if (is_trailer(cells_) && rest_.empty()) {
        workload_.trailer = cells_.front();
        return;
      }
      if (workload_.rows.size() == kMostSpattenRows)
        refuse({}, "one row too many", fmt::format("{} rows", kMostSpattenRows));
      workload_.rows.push_back(row_of(cells_, order, workload_.format));
    }
  }

 private:
  void advance() {
    ++line_;
    split(next_line(rest_), cells_);
  }

  std::string_view rest_;
  SpattenWorkload& workload_;
  std::size_t line_ = 0;
  Cells cells_;
};

}  // namespace

SpattenWorkload parse_spatten_workload(std::string_view text, const std::string& origin) {
  SpattenWorkload workload{.name = one_line(std::filesystem::path(origin).stem().string()),
                           .sha256 = sha256_hex(text),
                           .rows = {},
                           .trailer = {}};
  Reader reader(text, workload);
  try {
    reader.read();
  } catch (const UserError& mistake) {
    throw mistake.within(fmt::format("{}, line {}", origin, reader.line()));
  }
  if (workload.rows.empty())
    throw UserError({.path = origin, .problem = "no rows", .allowed = "one row or more"});
  return workload;
}

SpattenWorkload read_spatten_workload(const std::filesystem::path& path) {
  return parse_spatten_workload(InputFile(path, kMostBytes).text(), path.string());
}

}  // namespace hdp
