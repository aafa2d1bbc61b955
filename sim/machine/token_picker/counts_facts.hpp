// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/base/facts.hpp>
#include <hdp/prune/token_picker_decisions.hpp>

namespace hdp {

/// As decisions and reports have them; saturated values stand apart.
inline Facts counts_facts(const TokenPickerCounts& counts) {
  return {{"tokens", counts.tokens},
          {"chunks_fetched", counts.chunks_fetched},
          {"value_rows_fetched", counts.value_rows_fetched},
          {"empty_rows", counts.empty_rows},
          {"near_ties", counts.near_ties},
          {"safety_violations", counts.safety_violations}};
}

}  // namespace hdp
