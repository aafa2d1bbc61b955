// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <hdp/machine/decision_case.hpp>

namespace hdp {

/// LeOPArd's decisions for `prune`.
std::unique_ptr<DecisionCase> make_leopard_case(const Facts& settings, std::optional<bool> causal,
                                                const std::string& where);

}  // namespace hdp
