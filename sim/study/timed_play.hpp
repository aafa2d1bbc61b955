// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <hdp/machine/machine.hpp>

namespace hdp {

/// play(), which tells the log what it took to start and to play; `role` goes before the names.
RunResult timed_play(const Machine& machine, const Workload& workload, const PlayOptions& options,
                     std::string_view role = {});

}  // namespace hdp
