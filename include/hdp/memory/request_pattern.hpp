// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <hdp/memory/dram_request.hpp>

namespace hdp {

/// The named request streams, the same on every machine.
std::span<const std::string_view> request_patterns();

/// The first `limit` requests of a stream of `access_bytes` each: seq, rand, conflict,
/// conflict_allch, stride8k, mixseq, mix3, attn64s, attn128s, attn128r, burst2k, burst20k.
/// `row_stride_bytes` is the distance between rows of one bank, for the conflicts. UserError where
/// the name is unknown.
std::vector<DramRequest> make_pattern(std::string_view name, std::int64_t access_bytes,
                                      std::int64_t row_stride_bytes,
                                      std::size_t limit = std::numeric_limits<std::size_t>::max());

}  // namespace hdp
