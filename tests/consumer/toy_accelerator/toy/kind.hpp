// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/machine/kind.hpp>

namespace toy {

/// Keeps the first keys of every query; plays traces and rows.
const hdp::MachineKind& toy_kind();

}  // namespace toy
