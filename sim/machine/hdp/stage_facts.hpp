// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <hdp/base/facts.hpp>
#include <hdp/machine/hdp/run.hpp>

namespace hdp {

/// The stages of a run, in order, and what each removed of the entries that reached it.
Fact::List stage_facts(const HdpResult& run);
std::string stage_text(const HdpResult& run);

/// Counts of probability estimation.
Facts estimate_facts(const EstimateCounts& counts);

}  // namespace hdp
