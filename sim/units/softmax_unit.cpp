// SPDX-License-Identifier: Apache-2.0
#include <hdp/units/softmax_unit.hpp>

namespace hdp {

Cycles softmax_row_cycles(const SoftmaxConfig& config, std::int64_t entries) {
  return {ceil_div(entries, config.lanes)};
}

}  // namespace hdp
