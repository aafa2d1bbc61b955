// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <hdp/machine/decision_case.hpp>

namespace hdp {

/// N:M masks of weights for `prune`; there is no `causal`.
std::unique_ptr<DecisionCase> make_nm_case(const Facts& settings, std::optional<bool> causal,
                                           const std::string& where);

}  // namespace hdp
