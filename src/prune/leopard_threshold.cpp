// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <numeric>
#include <span>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/parallel.hpp>
#include <hdp/prune/leopard_head.hpp>
#include <hdp/prune/leopard_threshold.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {
namespace {

/// The scores of the allowed pairs of a head, as real numbers.
void collect(const LeopardHead& head, std::span<const Problem> problems, std::span<double> out) {
  std::vector<std::int64_t> scores;
  std::size_t filled = 0;
  for (const Problem& problem : problems)
    for (std::int64_t i = 0; i < problem.queries; ++i) {
      scores.resize(static_cast<std::size_t>(problem.visible(i)));
      head.scores(problem.first_query + i, scores);
      for (const std::int64_t score : scores)
        out[filled++] = static_cast<double>(score) * head.unit();
    }
}

/// The value below which `share` of the layer's pairs lie.
double calibrated(const Trace& trace, std::int64_t layer, const LeopardSettings& settings,
                  bool causal, unsigned threads) {
  const LayerShape& shape = trace.shape(layer);
  const std::vector<Problem> all = problems(trace, layer, causal);
  std::int64_t pairs = 0;
  for (const Problem& problem : all) pairs += problem.entries();
  std::vector<double> values(static_cast<std::size_t>(pairs * shape.heads));
  const std::int64_t group = shape.heads / shape.kv_heads;
  parallel_for(static_cast<std::size_t>(shape.kv_heads), threads, [&](std::size_t s) {
    const auto stored = static_cast<std::int64_t>(s);
    const auto codes = std::make_shared<const LeopardStored>(trace, layer, stored, settings);
    for (std::int64_t head = stored * group; head < (stored + 1) * group; ++head)
      collect(LeopardHead(trace, layer, head, settings, codes), all,
              std::span(values).subspan(static_cast<std::size_t>(head * pairs),
                                        static_cast<std::size_t>(pairs)));
  });
  const double place = std::floor(*settings.calibrate * static_cast<double>(values.size()));
  const auto chosen =
      values.begin() + std::min(static_cast<std::ptrdiff_t>(place), std::ssize(values) - 1);
  std::ranges::nth_element(values, chosen);
  return *chosen;
}

}  // namespace

std::int64_t least_score(double threshold, double unit) {
  std::int64_t below = -(std::int64_t{1} << 62) - 2, reaches = (std::int64_t{1} << 62) + 1;
  while (below + 1 < reaches) {
    const std::int64_t middle = std::midpoint(below, reaches);
    (static_cast<double>(middle) * unit >= threshold ? reaches : below) = middle;
  }
  return reaches;
}

void check_thresholds(const LeopardSettings& settings, std::int64_t layers,
                      const std::string& where) {
  const std::int64_t given = std::ssize(settings.threshold);
  if (!settings.calibrate && given != 1 && given != layers)
    refuse(where + "/threshold", fmt::format("{} thresholds", given),
           fmt::format("one, or one a layer, {}", layers));
}

std::vector<double> leopard_thresholds(const Trace& trace, const LeopardSettings& settings,
                                       bool causal, unsigned threads) {
  check_thresholds(settings, trace.layers(), "/settings");
  std::vector<double> thresholds;
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer)
    if (settings.calibrate)
      thresholds.push_back(calibrated(trace, layer, settings, causal, threads));
    else
      thresholds.push_back(settings.threshold.size() == 1
                               ? settings.threshold.front()
                               : settings.threshold[static_cast<std::size_t>(layer)]);
  return thresholds;
}

}  // namespace hdp
