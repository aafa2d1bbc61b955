// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <hdp/machine/kind.hpp>

namespace hdp {

/// A case of system "hdp", as MachineKind::decisions says.
std::unique_ptr<DecisionCase> make_hdp_case(const Facts& settings, std::optional<bool> causal,
                                            const std::string& where);

}  // namespace hdp
