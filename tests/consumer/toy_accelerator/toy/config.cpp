// SPDX-License-Identifier: Apache-2.0
#include "toy/config.hpp"

#include <cmath>

#include <hdp/base/error.hpp>

namespace toy {

std::int64_t ToyPruning::kept(std::int64_t visible) const {
  return static_cast<std::int64_t>(std::ceil(keep * static_cast<double>(visible)));
}

void validate(const ToyConfig& config) {
  if (config.buffer_bytes % config.bytes_per_cycle != 0)
    hdp::refuse("/buffer_bytes", std::to_string(config.buffer_bytes) + " is no whole transfer",
                "a multiple of bytes_per_cycle");
}

}  // namespace toy
