// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>

namespace hdp {

/// UserError where a step of so many bits does not divide a key.
inline void need_divisor(std::int64_t bits, std::int64_t key_bits, const std::string& path) {
  if (key_bits % bits == 0) return;
  std::vector<std::int64_t> divisors;
  for (std::int64_t b = 1; b <= key_bits; ++b)
    if (key_bits % b == 0) divisors.push_back(b);
  refuse(path, fmt::format("{} bits a step, keys have {}", bits, key_bits),
         fmt::format("{}", fmt::join(divisors, ", ")));
}

}  // namespace hdp
