// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/check.hpp>
#include <hdp/kernel/component.hpp>
#include <hdp/kernel/time_split.hpp>

namespace hdp {

/// A counter as every report and `hdpsim explain` describe it.
struct CounterInfo {
  std::string_view name, unit, doc;
};

/// A kind of unit: its word in reports, what it is, and what it counts, in the order of reports.
struct UnitKind {
  std::string_view name, doc;
  std::span<const CounterInfo> counters;
  bool datapath = false;  ///< Its busy share is the utilisation of a machine.
};

/// One named number of a report.
struct Counter {
  std::string name;
  std::int64_t value = 0;
};

/// What a unit did with the cycles of the run: total = idle + busy + sum of blocked.
struct UnitReport {
  std::string instance, kind;
  bool datapath = false;
  std::int64_t total = 0, idle = 0, busy = 0;
  std::vector<Counter> blocked{};  ///< Cycles by reason.
  std::vector<Counter> counters{};
};

/// The values of a kind's counters, in the order of its table.
std::vector<Counter> counters_of(const UnitKind& kind, std::span<const std::int64_t> values);

/// A component that charges every cycle and describes itself.
class Unit : public Component {
 public:
  using Component::Component;
  [[nodiscard]] virtual const UnitKind& kind() const = 0;
  [[nodiscard]] std::string_view account() const final { return kind().name; }
  /// Its account of the run, after close().
  [[nodiscard]] virtual UnitReport report() const = 0;

 protected:
  /// The report of a unit with this time; `reasons` are the words of Reason, in order.
  template <class Reason>
  [[nodiscard]] UnitReport account(const TimeSplit<Reason>& time,
                                   std::span<const std::string_view> reasons,
                                   std::initializer_list<std::int64_t> counters) const {
    UnitReport report{.instance = name(),
                      .kind = std::string(kind().name),
                      .datapath = kind().datapath,
                      .total = time.total().count,
                      .idle = time.idle().count,
                      .busy = time.busy().count};
    for (std::size_t r = 0; r < reasons.size(); ++r)
      report.blocked.push_back(
          {std::string(reasons[r]), time.blocked(static_cast<Reason>(r)).count});
    report.counters = counters_of(kind(), {counters.begin(), counters.size()});
    return report;
  }
};

/// Throws LogicFault unless every unit charges each of `cycles` cycles exactly once.
void check_accounts(std::span<const UnitReport> reports, std::int64_t cycles);

}  // namespace hdp
