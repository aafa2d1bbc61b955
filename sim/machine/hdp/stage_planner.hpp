// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "machine/hdp/planned_layer.hpp"

namespace hdp {

/// The formats that the rules choose for all sequences together.
HdpFormats planned_formats(const HdpRules& rules, std::span<const Trace> sequences,
                           const PlayOptions& options);

/// The pruning stages of the rules, in order, on the layers of a trace. Each stage takes what is
/// alive and narrows it; without any, attention is dense. A stage that couples the layers is
/// planned for all of them at once, the others layer by layer. Where runs share what they find
/// out, all layers are planned once for the rules.
class StagePlanner {
 public:
  StagePlanner(const HdpRules& rules, const Trace& trace, const HdpFormats& formats,
               const PlayOptions& options);

  /// A layer, valid until another one is asked for. In a prefill each is asked for once, in order.
  const PlannedLayer& layer(std::int64_t number);

 private:
  using Layers = std::vector<PlannedLayer>;
  [[nodiscard]] Layers all_layers() const;
  void plan(std::int64_t number, PlannedLayer& layer) const;
  void split_error(std::int64_t number, PlannedLayer& layer) const;

  const HdpRules& rules_;
  const Trace& trace_;
  const HdpFormats& formats_;
  const PlayOptions& options_;
  bool coupled_;
  std::shared_ptr<const Layers> all_;  ///< Where they are planned, or kept, together.
  bool keeps_layers_;                  ///< A decode comes back to every layer in every step.
  std::int64_t planned_ = 0;
  Layers layers_;
};

}  // namespace hdp
