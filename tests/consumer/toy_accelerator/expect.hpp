// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <hdp/workload/trace.hpp>
#include <hdp/workload/workload.hpp>

/// What the toy's answers must be, worked out without its sources.
namespace expect {

/// Ends the program with the message where it does not hold.
void that(bool holds, const std::string& what);
void equal(double found, double wanted, const std::string& what, double tolerance = 1e-12);
/// `act` throws a UserError of this one line.
void refusal(const std::function<void()>& act, const std::string& line);

/// Settings of toy.json.
inline constexpr std::int64_t kMultipliers = 64, kBytesPerCycle = 16, kClockMhz = 500;

/// Cycles of a prefill trace that is not causal, where every query keeps so many keys.
std::int64_t cycles(const hdp::Trace& trace, std::int64_t kept,
                    std::int64_t multipliers = kMultipliers);
/// Bytes that it reads.
std::int64_t bytes(const hdp::Trace& trace, std::int64_t kept);
/// Cycles of rows.
std::int64_t cycles(const hdp::SpattenWorkload& rows);
/// The probability mass on the first `kept` keys, mean over all queries.
double mass(const hdp::Trace& trace, std::int64_t kept);

}  // namespace expect
