// SPDX-License-Identifier: Apache-2.0
// The list of accelerators: the one place that names them all.
#include <array>

#include <hdp/machine/hdp/kind.hpp>
#include <hdp/machine/leopard/kind.hpp>
#include <hdp/machine/spatten/kind.hpp>
#include <hdp/machine/spatten_rtl/kind.hpp>
#include <hdp/machine/sta/kind.hpp>
#include <hdp/machine/token_picker/kind.hpp>

namespace hdp {

Kinds machine_kinds() {
  static const std::array kinds{&hdp_kind(),          &spatten_kind(), &spatten_rtl_kind(),
                                &token_picker_kind(), &leopard_kind(), &sta_kind()};
  return kinds;
}

}  // namespace hdp
