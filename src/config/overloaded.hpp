// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace hdp {

/// One visitor out of several lambdas. An alternative without a lambda does not compile.
template <class... Case>
struct Overloaded : Case... {
  using Case::operator()...;
};
template <class... Case>
Overloaded(Case...) -> Overloaded<Case...>;

}  // namespace hdp
