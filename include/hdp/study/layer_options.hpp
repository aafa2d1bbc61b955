// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <hdp/workload/workload.hpp>

namespace hdp {

/// No layer is wider.
inline constexpr std::int64_t kMostWidth = std::int64_t{1} << 16;

/// Whether attention alone is played, or the layers around it, too.
struct LayerOptions {
  std::string layer;  ///< "attention", "whole", or "": as the workload says.
  std::optional<std::int64_t> hidden, ffn;
};

/// The workload with its layers, or without them. UserError where their widths are not known, or
/// are given for nothing; `prefix` is what stands before the names of the options.
Workload with_layers(const Workload& workload, const LayerOptions& options,
                     const std::string& prefix);

}  // namespace hdp
