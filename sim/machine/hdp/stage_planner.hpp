// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "machine/hdp/planned_layer.hpp"

namespace hdp {

/// The pruning stages of the configuration, in order, on the layers of a trace. Each stage takes
/// what is alive and narrows it; without any, attention is dense. A stage that couples the layers
/// is planned for all of them at once, the others layer by layer.
class StagePlanner {
 public:
  StagePlanner(const HdpConfig& config, const Trace& trace, const HdpFormats& formats,
               const PlayOptions& options);

  /// A layer, valid until another one is asked for. In a prefill each is asked for once, in order.
  PlannedLayer& layer(std::int64_t number);

 private:
  /// Where a layer is kept.
  PlannedLayer& slot(std::int64_t number);
  void split_error(std::int64_t number);

  const HdpConfig& config_;
  const Trace& trace_;
  const HdpFormats& formats_;
  const PlayOptions& options_;
  bool keeps_layers_;  ///< A decode comes back to every layer in every step.
  std::int64_t planned_ = 0;
  std::vector<PlannedLayer> layers_;
};

}  // namespace hdp
