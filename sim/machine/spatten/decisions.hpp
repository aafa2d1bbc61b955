// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <hdp/machine/kind.hpp>

namespace hdp {

/// A case of system "spatten", as MachineKind::decisions says.
std::unique_ptr<DecisionCase> make_spatten_case(const Facts& settings, std::optional<bool> causal,
                                                const std::string& where);

}  // namespace hdp
