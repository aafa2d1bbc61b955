// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/json_text.hpp"
#include <hdp/memory/dram_result.hpp>

namespace hdp {

/// What a DRAM did, as keys that `hdpsim dram` and the reports of machines share.
Json dram_use_json(const DramConfig& config, const DramResult& result);

}  // namespace hdp
