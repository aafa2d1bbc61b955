// SPDX-License-Identifier: Apache-2.0
#include <hdp/base/error.hpp>
#include <hdp/machine/decision_case.hpp>

namespace hdp {

Facts DecisionCase::decide(const Trace& /*trace*/, unsigned /*threads*/) const {
  throw LogicFault("a case that does not decide on traces was given one");
}

Facts DecisionCase::decide_on_weights(const Weights& /*weights*/, unsigned /*threads*/) const {
  throw LogicFault("a case that does not decide on weights was given some");
}

}  // namespace hdp
