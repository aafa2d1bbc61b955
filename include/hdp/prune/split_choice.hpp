// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include <hdp/prune/hdp_settings.hpp>
#include <hdp/prune/hdp_trace.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// For traces whose blocks cannot be ranked (HdpCounts::degenerate): the other split under which
/// the fewest rows of blocks have importances that are all equal, found by planning the traces;
/// nothing where they stay degenerate. Heads run on `threads` threads.
std::optional<SplitMode> split_that_ranks(std::span<const Trace> traces,
                                          const HdpSettings& settings, const HdpFormats& formats,
                                          unsigned threads);

}  // namespace hdp
