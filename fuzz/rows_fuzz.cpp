// SPDX-License-Identifier: Apache-2.0
// A workload file of either format: its rows write and read back, with any of their features.
#include "mutate.hpp"
#include "targets.hpp"
#include <hdp/workload/spatten_summary.hpp>
#include <hdp/workload/spatten_traffic.hpp>

namespace hdp::fuzz {
namespace {

bool play(std::string_view input) {
  SpattenWorkload workload;
  if (!accepts([&] { workload = parse_spatten_workload(input, "input"); })) return false;
  const SpattenWorkload back = parse_spatten_workload(write_spatten_workload(workload), "written");
  expect(back.rows == workload.rows && back.trailer == workload.trailer,
         "rows write and read back");
  for (const RowStep& step : kRowSteps)
    expect(with_features(workload.rows, step.features).size() >= workload.rows.size() ||
               step.features.heads,
           "only the pruning of heads leaves rows out");
  (void)summarise(workload);
  (void)rtl_traffic(workload.rows);
  return true;
}

}  // namespace

const Target kRows{"rows", play, nullptr, 3000};

}  // namespace hdp::fuzz
