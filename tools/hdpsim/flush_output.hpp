// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace hdp {

/// Brings stdout out: a full disk shows only when the last buffer goes. UserError where it cannot.
void flush_output();

}  // namespace hdp
