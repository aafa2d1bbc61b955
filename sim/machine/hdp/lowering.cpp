// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/lower.hpp"
#include <hdp/machine/hdp/lowering.hpp>

namespace hdp {

struct Lowering::State {
  explicit State(const HdpConfig& given) : config(given), hdp(given) {}
  HdpConfig config;
  HdpLowering hdp;
};

Lowering::Lowering(const HdpConfig& config) : state_(std::make_unique<State>(config)) {}
Lowering::Lowering(Lowering&&) noexcept = default;
Lowering& Lowering::operator=(Lowering&&) noexcept = default;
Lowering::~Lowering() = default;

void Lowering::hdp(const Layout& layout, std::int64_t layer, std::int64_t head, const HdpPlan& plan,
                   HeadWork& work) {
  state_->hdp.lower(layout, layer, head, plan, work);
}

void Lowering::dense(const Layout& layout, std::int64_t layer, std::int64_t head,
                     const Problem& problem, HeadWork& work) {
  lower_dense(state_->config, layout, layer, head, problem, work);
}

}  // namespace hdp
