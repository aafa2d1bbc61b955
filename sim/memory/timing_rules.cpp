// SPDX-License-Identifier: Apache-2.0
#include "memory/timing_rules.hpp"

#include <algorithm>

namespace hdp {
namespace {

using enum DramCommand;
using Rules = std::vector<TimingRule>;

/// Rules that both controllers share, in the times of an ACT of one cycle.
struct Times {
  std::int64_t rcd_read, rcd_write, ras, rp, rc, rfc;
};

void add(Rules& rules, Scope scope, DramCommand from, DramCommand to, std::int64_t cycles) {
  rules.push_back({from, to, scope, Cycles{cycles}});
}

/// What follows a column command, up to the same bank group.
void add_column_rules(Rules& rules, const DramTiming& t, std::int64_t turn) {
  const std::int64_t write_end = t.cwl + t.burst;
  for (const DramCommand same : {Rd, Wr}) {
    add(rules, Scope::Rank, same, same, std::max(t.burst, t.ccd_s));
    add(rules, Scope::Group, same, same, std::max(t.burst, t.ccd_l));
  }
  add(rules, Scope::Rank, Rd, Wr, t.cl + t.burst + turn - t.cwl);
  add(rules, Scope::Rank, Wr, Rd, write_end + t.wtr_s);
  add(rules, Scope::Group, Wr, Rd, write_end + t.wtr_l);
  add(rules, Scope::Bank, Rd, Pre, t.rtp);
  add(rules, Scope::Bank, Wr, Pre, write_end + t.wr);
}

void add_row_rules(Rules& rules, const DramTiming& t, const Times& times) {
  add(rules, Scope::Rank, Act, Act, t.rrd_s);
  add(rules, Scope::Group, Act, Act, t.rrd_l);
  add(rules, Scope::Bank, Act, Act, times.rc);
  add(rules, Scope::Bank, Act, Rd, times.rcd_read);
  add(rules, Scope::Bank, Act, Wr, times.rcd_write);
  add(rules, Scope::Bank, Act, Pre, times.ras);
  add(rules, Scope::Bank, Pre, Act, times.rp);
  add(rules, Scope::Rank, Ref, Act, times.rfc);
  if (t.ppd > 0) add(rules, Scope::Rank, Pre, Pre, t.ppd);
}

/// All-bank precharge, and the command bus that an ACT holds for more than a cycle.
void add_shared_queue_rules(Rules& rules, const DramTiming& t, const Times& times) {
  const std::int64_t extra = t.act_cycles - 1;
  add(rules, Scope::Rank, Rd, PreAll, t.rtp);
  add(rules, Scope::Rank, Wr, PreAll, t.cwl + t.burst + t.wr);
  add(rules, Scope::Rank, Act, PreAll, times.ras);
  add(rules, Scope::Rank, PreAll, Act, times.rp);
  add(rules, Scope::Rank, Act, Ref, t.rc + extra);
  add(rules, Scope::Rank, Pre, Ref, t.rp);
  add(rules, Scope::Rank, PreAll, Ref, t.rp);
  add(rules, Scope::Rank, Ref, PreAll, t.rfc);
  if (extra > 0)
    for (const DramCommand next : {Act, Pre, PreAll, Ref})
      add(rules, Scope::Channel, Act, next, t.act_cycles);
}

/// Ranks share the data bus. `t.rank_switch` is the gap between their bursts.
void add_other_rank_rules(Rules& rules, const DramTiming& t, DramController controller) {
  const std::int64_t gap = t.rank_switch;
  if (controller == DramController::FrfcfsSharedQueue) {
    add(rules, Scope::OtherRanks, Rd, Rd, t.burst + gap);
    add(rules, Scope::OtherRanks, Rd, Wr, t.burst + gap);
    add(rules, Scope::OtherRanks, Wr, Rd, t.cwl + t.burst + gap - t.cl);
    add(rules, Scope::Channel, Rd, Rd, t.burst);
  } else {
    add(rules, Scope::OtherRanks, Rd, Rd, t.burst + gap);
    add(rules, Scope::OtherRanks, Rd, Wr, t.cl + t.burst + gap - t.cwl);
    add(rules, Scope::OtherRanks, Wr, Rd, t.cwl + t.burst + gap - t.cl);
  }
  add(rules, Scope::Channel, Wr, Wr, t.burst);
}

/// With one bank group bank_queues takes the times to another one everywhere.
DramTiming times_of(const DramConfig& config) {
  DramTiming t = config.timing;
  if (config.controller == DramController::BankQueues && config.organisation.bank_groups == 1) {
    t.ccd_l = t.ccd_s;
    t.rrd_l = t.rrd_s;
    t.wtr_l = t.wtr_s;
  }
  return t;
}

}  // namespace

DramTiming applied_timing(const DramConfig& config) {
  DramTiming t = times_of(config);
  if (config.controller != DramController::BankQueues) return t;
  t.rc = t.ras + t.rp;
  t.rfc -= t.act_cycles - 1;
  t.act_cycles = 1;
  t.read_to_write = t.rank_switch;
  return t;
}

std::vector<TimingRule> timing_rules(const DramConfig& config) {
  const DramTiming t = times_of(config);
  const std::int64_t extra = t.act_cycles - 1;
  Times times{t.rcd_read + extra, t.rcd_write + extra, t.ras + extra, t.rp - extra, t.rc,
              t.rfc - extra};
  const bool shared = config.controller == DramController::FrfcfsSharedQueue;
  if (!shared) times.rc = times.ras + times.rp;
  Rules rules;
  add_column_rules(rules, t, shared ? t.read_to_write : t.rank_switch);
  add_row_rules(rules, t, times);
  if (shared)
    add_shared_queue_rules(rules, t, times);
  else
    add(rules, Scope::Rank, Pre, Ref, times.rp);
  if (config.organisation.ranks > 1) add_other_rank_rules(rules, t, config.controller);
  return rules;
}

}  // namespace hdp
