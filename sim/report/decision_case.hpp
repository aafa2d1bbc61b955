// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "report/json_text.hpp"
#include <hdp/workload/trace.hpp>

namespace hdp {

/// A system with its settings, ready to decide on a trace.
class DecisionCase {
 public:
  virtual ~DecisionCase() = default;
  /// All settings, defaults filled in.
  [[nodiscard]] virtual Json settings() const = 0;
  /// Adds what it decides to `result`, `causal` first.
  virtual void run(const Trace& trace, unsigned threads, Json& result) const = 0;
};

/// From the settings that a case gives, nulls left out; `causal` has been taken out of them.
/// `where` names the settings in UserErrors.
std::unique_ptr<DecisionCase> make_hdp_case(const Json& settings, std::optional<bool> causal,
                                            const std::string& where);
std::unique_ptr<DecisionCase> make_spatten_case(const Json& settings, std::optional<bool> causal,
                                                const std::string& where);

}  // namespace hdp
