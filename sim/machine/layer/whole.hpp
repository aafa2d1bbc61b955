// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <hdp/machine/machine.hpp>

namespace hdp::layer {

/// The session of a workload with layers, or with weights: the machine plays the attention, then
/// the layers around it on its own array (docs/layers.md).
std::unique_ptr<Session> start_whole(const Machine& machine, const Workload& workload,
                                     const PlayOptions& options);

}  // namespace hdp::layer
