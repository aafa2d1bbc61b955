// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/quantity.hpp>
#include <hdp/machine/head_map.hpp>
#include <hdp/report/page_point.hpp>

namespace hdp {
namespace {

/// A map of a report, which may come from anybody.
class MapReader {
 public:
  MapReader(const Fact& map, std::string path) : path_(std::move(path)), facts_(map.as<Facts>()) {
    if (facts_ == nullptr) refuse_map("is no map");
  }

  PageMap read() {
    map_ = {.sequence = number("sequence"),
            .layer = number("layer"),
            .head = number("head"),
            .queries = number("queries"),
            .keys = number("keys"),
            .cell_queries = number("cell_queries"),
            .cell_keys = number("cell_keys")};
    rows_ = cells(map_.queries, map_.cell_queries);
    columns_ = cells(map_.keys, map_.cell_keys);
    map_.allowed = counts("allowed");
    map_.kept = counts("kept");
    for (std::size_t cell = 0; cell < map_.kept.size(); ++cell)
      if (map_.kept[cell] > map_.allowed[cell]) refuse_map("keeps more than is allowed");
    return std::move(map_);
  }

 private:
  [[noreturn]] void refuse_map(std::string problem) const {
    refuse(path_, std::move(problem),
           fmt::format("a map of a report, of at most {0} x {0} cells", HeadMap::kMostCells));
  }
  [[nodiscard]] std::int64_t number(std::string_view name) const {
    constexpr std::int64_t kMost = std::int64_t{1} << 31;
    const Fact* const fact = facts_->find(name);
    const auto* const value = fact == nullptr ? nullptr : fact->as<std::int64_t>();
    if (value == nullptr || *value < 0 || *value > kMost)
      refuse_map(fmt::format("has no {}", name));
    return *value;
  }
  [[nodiscard]] std::size_t cells(std::int64_t extent, std::int64_t cell) const {
    if (extent < 1 || cell < 1 || ceil_div(extent, cell) > HeadMap::kMostCells)
      refuse_map("has no such cells");
    return static_cast<std::size_t>(ceil_div(extent, cell));
  }
  [[nodiscard]] const Fact::List& list(const Fact* fact, std::size_t size,
                                       std::string_view name) const {
    const auto* const values = fact == nullptr ? nullptr : fact->as<Fact::List>();
    if (values == nullptr || values->size() != size)
      refuse_map(fmt::format("has {} of another shape", name));
    return *values;
  }
  [[nodiscard]] std::vector<std::int64_t> counts(std::string_view name) const {
    std::vector<std::int64_t> counts;
    for (const Fact& row : list(facts_->find(name), rows_, name))
      for (const Fact& count : list(&row, columns_, name)) {
        const auto* const value = count.as<std::int64_t>();
        if (value == nullptr || *value < 0 || *value > map_.cell_queries * map_.cell_keys)
          refuse_map(fmt::format("has no count in {}", name));
        counts.push_back(*value);
      }
    return counts;
  }

  std::string path_;
  const Facts* facts_;
  PageMap map_;
  std::size_t rows_ = 0, columns_ = 0;
};

}  // namespace

std::vector<PageMap> page_maps(const Fact& maps, const std::string& origin) {
  const auto* const list = maps.as<Fact::List>();
  if (list == nullptr) refuse(origin + ": maps", "is no list", "maps of a report");
  std::vector<PageMap> result;
  for (std::size_t place = 0; place < list->size(); ++place)
    result.push_back(MapReader((*list)[place], fmt::format("{}: maps[{}]", origin, place)).read());
  return result;
}

}  // namespace hdp
