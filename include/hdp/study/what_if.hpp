// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/machine/machine.hpp>

namespace hdp {

/// Plays the workload again, without fidelity, once for each thing that the machine can be relieved
/// of; `threads` of these at a time. `run` is what it was like as it is.
std::vector<WhatIf> what_if(const Machine& machine, const Workload& workload, const RunResult& run,
                            const PlayOptions& options);

}  // namespace hdp
