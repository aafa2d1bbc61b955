// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <rapidcheck.h>

#include "config/sample.hpp"

namespace hdp::test {

/// Any valid configuration, with texts that need escapes and doubles that need 17 digits.
inline Sample arbitrary_sample() {
  using rc::gen::inRange;
  Sample sample;
  sample.label.clear();
  for (const int code : *rc::gen::container<std::vector<int>>(inRange(1, 128)))
    sample.label += static_cast<char>(code);
  if (*rc::gen::arbitrary<bool>()) sample.label += "\u00e9\u2264\U0001F600";
  sample.seed = *rc::gen::arbitrary<std::int64_t>();
  if (*rc::gen::arbitrary<bool>()) sample.budget = *rc::gen::positive<std::int64_t>();
  sample.clock = static_cast<double>(*inRange<std::int64_t>(1, 10'000'000)) / 1000.0;
  sample.core.rho = static_cast<double>(*inRange<std::int64_t>(-999'999'999, 999'999'999)) / 1e9;
  sample.core.map = static_cast<Map>(*inRange(0, 3));
  sample.core.pe_array.rows = *inRange<std::int64_t>(1, 1025);
  sample.core.pe_array.fused = *rc::gen::arbitrary<bool>();
  return sample;
}

}  // namespace hdp::test
