// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <hdp/machine/kind.hpp>
#include <hdp/workload/trace.hpp>
#include <hdp/workload/weights.hpp>

namespace hdp {

/// Told before every case, with its name: for progress.
using CaseObserver =
    std::function<void(std::size_t index, std::size_t count, std::string_view name)>;

/// Runs a list of cases, `[{"name", "system", "settings"}, ...]`, over a trace and returns the
/// decisions as JSON text, format "decisions-1". A system is one of a kind's, or one without a
/// machine. `origin` names the list in messages. All cases are checked before the first one runs.
std::string decisions_json(const Trace& trace, std::string_view file_name,
                           std::string_view cases_text, std::string_view origin, unsigned threads,
                           const CaseObserver& observer = {}, Kinds kinds = machine_kinds());

/// The same over weights, for the systems that decide on them.
std::string decisions_json(const Weights& weights, std::string_view file_name,
                           std::string_view cases_text, std::string_view origin, unsigned threads,
                           const CaseObserver& observer = {}, Kinds kinds = machine_kinds());

}  // namespace hdp
