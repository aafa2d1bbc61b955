// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace hdp::test {

/// Whether `document` satisfies `schema`, in the opinion of an independent validator.
bool is_valid(const nlohmann::json& document, const nlohmann::json& schema);

}  // namespace hdp::test
