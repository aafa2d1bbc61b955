// SPDX-License-Identifier: Apache-2.0
// The lists of accelerators and of systems without a machine: the one place that names them all.
#include <array>

#include "machine/leopard/decisions.hpp"
#include <hdp/machine/hdp/kind.hpp>
#include <hdp/machine/spatten/kind.hpp>
#include <hdp/machine/spatten_rtl/kind.hpp>
#include <hdp/machine/sta/kind.hpp>
#include <hdp/machine/token_picker/kind.hpp>

namespace hdp {

Kinds machine_kinds() {
  static const std::array kinds{&hdp_kind(), &spatten_kind(), &spatten_rtl_kind(),
                                &token_picker_kind(), &sta_kind()};
  return kinds;
}

std::span<const DecisionSystem> decision_systems() {
  static constexpr std::array kSystems{DecisionSystem{"leopard", make_leopard_case}};
  return kSystems;
}

}  // namespace hdp
