// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/base/facts.hpp>
#include <hdp/prune/leopard_decisions.hpp>

namespace hdp {

/// As decisions and reports have them; saturated values stand apart.
inline Facts counts_facts(const LeopardCounts& counts) {
  return {{"pairs", counts.pairs},
          {"survivors", counts.survivors},
          {"empty_rows", counts.empty_rows},
          {"steps_total", counts.steps_total()},
          {"pruned_at_step", counts.pruned_at_step},
          {"steps_histogram", counts.steps_histogram()}};
}

}  // namespace hdp
