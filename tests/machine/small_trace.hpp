// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/workload/synthetic.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp::test {

/// Twenty queries, or three steps behind twenty-four keys.
inline Workload small_trace(Stage stage) {
  SyntheticConfig config;
  config.stage = stage;
  config.n = 20;
  config.n_ctx = 24;
  config.steps = 3;
  return Workload(make_synthetic(config));
}

}  // namespace hdp::test
