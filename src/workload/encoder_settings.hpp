// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <hdp/workload/encoder.hpp>

namespace hdp::detail {

/// What the JSON text of a workload says under "encoder"; nothing where it has no such key.
/// UserError where that stands beside other keys, and for its own mistakes.
std::optional<SyntheticEncoderConfig> encoder_config(std::string_view text,
                                                     std::string_view origin);
/// Mistakes are at `origin`.
Encoder synthetic_encoder(const SyntheticEncoderConfig& config, std::string_view origin);

}  // namespace hdp::detail
