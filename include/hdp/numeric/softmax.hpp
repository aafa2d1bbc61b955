// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace hdp {

/// In place: logits -> probabilities, with the maximum subtracted. Empty rows stay empty.
void softmax(std::span<double> row);

}  // namespace hdp
