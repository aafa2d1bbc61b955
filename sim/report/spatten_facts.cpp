// SPDX-License-Identifier: Apache-2.0
#include "report/spatten_facts.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hdp {

Limiter limiter_of(const SpattenResult& run) {
  const UnitReport* busiest = nullptr;
  for (const UnitReport& unit : run.units)
    if (unit.kind == "multiplier_array" && (busiest == nullptr || unit.busy > busiest->busy))
      busiest = &unit;
  const auto share = [&](std::int64_t part) {
    return static_cast<double>(part) / static_cast<double>(busiest->total);
  };
  Limiter limiter{busiest->instance, share(busiest->busy)};
  for (const Counter& reason : busiest->blocked)
    if (share(reason.value) > limiter.share) limiter = {reason.name, share(reason.value)};
  return limiter;
}

TableRow table_row(const SpattenComparison& comparison, std::string workload, std::string label) {
  const auto measure = [](const SpattenResult& run) {
    return RunMeasure{run.cycles, sum_of(run.read_bytes), run.time_ns(), run.energy.total_pj()};
  };
  const SpattenResult& run = comparison.run;
  TableRow row{std::move(workload), std::move(label), measure(run),
               measure(comparison.baseline.value()), limiter_of(run).name};
  if (!run.layers.empty()) {
    row.relative_error = run.fidelity.error.relative_frobenius();
    row.mass_kept = run.fidelity.mass_kept();
  }
  return row;
}

std::vector<std::string> remarks_of(const SpattenResult& run, const SpattenInput& input) {
  std::vector<std::string> remarks;
  if (!run.decisions)
    remarks.emplace_back(
        "A workload file says how many keys and values a head fetches, not which: they lie evenly "
        "spread over the tokens, and the top-k engine ranks drawn values.");
  if (input.stage == "prefill" && run.totals.top_k_queries > 0)
    remarks.emplace_back(
        "Queries of a prefill share one fetch of K and of V: local value pruning saves products, "
        "not bytes.");
  if (run.config.top_k.parallelism > run.config.top_k_read_width)
    remarks.push_back(fmt::format(
        "{} comparators: the buffer of the top-k engine gives {} values a cycle, the rest waits.",
        run.config.top_k.parallelism, run.config.top_k_read_width));
  return remarks;
}

}  // namespace hdp
