// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/facts.hpp>
#include <hdp/report/run_table.hpp>

namespace hdp {

/// A part of a whole: of the cycles, the energy or the bytes of a run.
struct PagePart {
  std::string name;
  double value = 0;
};

/// What the instances of a unit did, in core cycles, summed up.
struct PageUnit {
  std::string name;
  std::int64_t instances = 0;
  double idle = 0, busy = 0;
  std::vector<PagePart> blocked{};  ///< By reason; none that is 0.
};

/// What a head kept of its (query, key) pairs, in cells: rows of queries, columns of keys.
struct PageMap {
  std::int64_t sequence = 0, layer = 0, head = 0;
  std::int64_t queries = 0, keys = 0;
  std::int64_t cell_queries = 1, cell_keys = 1;
  std::vector<std::int64_t> kept{}, allowed{};  ///< Row after row.
};

/// What a page shows of a run, or of a point that could not be played.
struct PagePoint {
  std::int64_t number = 0;     ///< In its study.
  std::string status = kOk;    ///< Or why it was refused: then `row` has names alone.
  std::vector<Fact> values{};  ///< An axis path of the study each.
  TableRow row;
  std::optional<double> block_sparsity{}, head_sparsity{}, net_sparsity{};
  std::vector<PagePart> critical_path{};  ///< Adds up to the cycles.
  std::vector<PagePart> energy_pj{};      ///< By unit.
  std::vector<PagePart> bytes{};          ///< By tensor, read and written.
  std::vector<PageUnit> units{};
  std::vector<PageMap> maps{};
  std::vector<std::string> remarks{};
  std::string command{};  ///< Makes it again; "": its study has one for all, or there is none.

  static constexpr const char* kOk = "ok";
  [[nodiscard]] bool ok() const { return status == kOk; }
};

/// Of a finished report. UserError where it is none of format "report-1".
PagePoint page_point(const Fact& report, const std::string& origin);

/// What a report has under "maps". UserError where they are none.
std::vector<PageMap> page_maps(const Fact& maps, const std::string& origin);

/// A figure of a point.
struct PageMetric {
  std::string_view name;   ///< As in tables and points.csv, where it is there.
  std::string_view title;  ///< With its unit.
  double scale;            ///< From the value to the unit of the title.
  char better;             ///< '-': less is, '+': more is, ' ': neither.
  std::optional<double> (*value)(const PagePoint&);
};
/// All of them, in the order of columns.
std::span<const PageMetric> page_metrics();
const PageMetric& page_metric(std::string_view name);

/// What fronts are made of.
std::span<const std::string_view> page_costs();
std::span<const std::string_view> page_errors();

}  // namespace hdp
