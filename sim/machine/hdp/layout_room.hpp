// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <hdp/machine/hdp/layout.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {

/// Bits of an unfinished output that waits beside the scores.
inline constexpr std::int64_t kOutputBits = 40;

/// What of K and V stays in SRAM, and the room of what streams. UserError below one tile.
void choose_key_room(const HdpConfig& config, const Problem& problem, Layout& layout);

/// Rows of a strip, where integer scores wait, and the room for Q, scores and masks; after the
/// former. UserError where not even the rows of one block fit.
void choose_strip_room(const HdpConfig& config, const Problem& problem, Layout& layout);

/// An SRAM that does not hold `what`.
[[noreturn]] void too_small(std::string_view buffer, std::int64_t bytes, std::string_view what,
                            const Problem& problem, std::int64_t needed,
                            std::string_view way_out = "");

}  // namespace hdp
