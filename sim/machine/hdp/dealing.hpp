// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "machine/limiter.hpp"
#include <hdp/machine/hdp/run.hpp>

namespace hdp {

/// From the accounts of the run: what more cores and larger arrays have to deal with.
Dealing dealing_of(const HdpResult& run);

}  // namespace hdp
