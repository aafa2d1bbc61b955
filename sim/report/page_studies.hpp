// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <hdp/report/page.hpp>

namespace hdp {

/// What of a point fronts and spreads are made of.
struct PageFigures {
  std::size_t study = 0, workload = 0;        ///< By number, and by number of the name.
  std::vector<std::optional<double>> values;  ///< A figure of compared_metrics() each.
  std::vector<Fact> axes;                     ///< Of the point, a value an axis of the study.
};

/// Costs and errors, then what else spreads are of.
std::vector<std::string_view> compared_metrics();

/// `{workload, cost, error, points}` of every front that has a point, over the points of a workload
/// of all studies; a refused point has no figures.
Fact::List page_fronts(const std::vector<std::optional<PageFigures>>& points);

/// `{workload, metric, values: [[count, least, median, most], ...]}` of an axis of a study, a value
/// a label; null where no point has the label.
struct PageSpreads {
  std::vector<std::string> labels;
  Fact::List spreads;
};
PageSpreads page_spreads(const std::vector<std::optional<PageFigures>>& points, std::size_t study,
                         std::size_t axis);

/// A figure for drawing: seven digits, whole numbers whole.
Fact drawn(double value);

}  // namespace hdp
