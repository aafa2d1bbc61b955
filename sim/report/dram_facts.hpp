// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/base/facts.hpp>
#include <hdp/memory/dram_result.hpp>

namespace hdp {

/// What a DRAM did, as keys that `hdpsim dram` and the reports of machines share.
Facts dram_facts(const DramConfig& config, const DramResult& result);

}  // namespace hdp
