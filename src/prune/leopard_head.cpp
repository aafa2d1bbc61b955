// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <utility>

#include "prune/scaled_codes.hpp"
#include <hdp/prune/leopard_head.hpp>

namespace hdp {

LeopardStored::LeopardStored(const Trace& trace, std::int64_t layer, std::int64_t stored,
                             const LeopardSettings& settings)
    : values_(trace, layer, stored, settings) {
  const ScaledCodes k =
      scaled_codes(trace, layer, TensorKind::K, stored, settings.k_bits, settings.k_scale);
  key_unit_ = k.unit;
  key_saturated_ = k.saturated;
  keys_ = std::make_unique<const BitSerialKeys>(k.codes.view(), settings.rule(), settings.q_bits);
}

LeopardHead::LeopardHead(const Trace& trace, std::int64_t layer, std::int64_t head,
                         const LeopardSettings& settings,
                         std::shared_ptr<const LeopardStored> stored)
    : stored_(std::move(stored)) {
  ScaledCodes q =
      scaled_codes(trace, layer, TensorKind::Q, head, settings.q_bits, settings.q_scale);
  const double unit = q.unit * stored_->key_unit();
  unit_ = unit;
  sigma_ = unit / std::sqrt(static_cast<double>(trace.shape(layer).d));
  saturated_ = q.saturated;
  q_ = std::move(q.codes);
}

}  // namespace hdp
