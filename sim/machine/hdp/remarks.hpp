// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/machine/hdp/run.hpp>

namespace hdp {

/// What a user should know about a result and may not see: in one sentence each.
std::vector<std::string> remarks_of(const HdpResult& run);

}  // namespace hdp
