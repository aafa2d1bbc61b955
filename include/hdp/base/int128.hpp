// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace hdp {

/// Sums of squares of long traces leave 64 bits.
__extension__ using Int128 = __int128;

}  // namespace hdp
