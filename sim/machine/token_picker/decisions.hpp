// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <hdp/machine/kind.hpp>

namespace hdp {

/// Token-Picker's decisions for `prune`.
std::unique_ptr<DecisionCase> make_token_picker_case(const Facts& settings,
                                                     std::optional<bool> causal,
                                                     const std::string& where);

}  // namespace hdp
