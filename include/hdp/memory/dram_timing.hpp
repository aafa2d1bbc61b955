// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <tuple>

#include <hdp/config/field.hpp>

namespace hdp {

/// Times between commands, in cycles of the command clock, as the standards name them without their
/// "t" or "n"; `_s` and `_l` are to another and to the same bank group.
struct DramTiming {
  std::int64_t tck_ps = 833;
  std::int64_t cl = 16;
  std::int64_t cwl = 12;
  std::int64_t rcd_read = 16;
  std::int64_t rcd_write = 16;
  std::int64_t rp = 16;
  std::int64_t ras = 39;
  std::int64_t rc = 55;
  std::int64_t burst = 4;
  std::int64_t ccd_s = 4;
  std::int64_t ccd_l = 6;
  std::int64_t rrd_s = 4;
  std::int64_t rrd_l = 6;
  std::int64_t faw = 26;
  std::int64_t wr = 18;
  std::int64_t rtp = 9;
  std::int64_t wtr_s = 3;
  std::int64_t wtr_l = 9;
  std::int64_t refi = 9364;
  std::int64_t rfc = 433;
  std::int64_t xp = 8;
  std::int64_t rank_switch = 2;
  std::int64_t read_to_write = 2;
  std::int64_t ppd = 0;
  std::int64_t act_cycles = 1;

  static constexpr auto kFields = std::tuple{
      Field{&DramTiming::tck_ps, "tck_ps", "ps", "Period of the command clock.", Range{1, 1 << 20}},
      Field{&DramTiming::cl, "cl", "cycles", "From a read to its first data.", Range{1, 1 << 20}},
      Field{&DramTiming::cwl, "cwl", "cycles", "From a write to its first data.",
            Range{0, 1 << 20}},
      Field{&DramTiming::rcd_read, "rcd_read", "cycles", "ACT to RD.", Range{0, 1 << 20}},
      Field{&DramTiming::rcd_write, "rcd_write", "cycles", "ACT to WR.", Range{0, 1 << 20}},
      Field{&DramTiming::rp, "rp", "cycles", "PRE to ACT.", Range{0, 1 << 20}},
      Field{&DramTiming::ras, "ras", "cycles", "ACT to PRE.", Range{0, 1 << 20}},
      Field{&DramTiming::rc, "rc", "cycles",
            "ACT to ACT of a bank (frfcfs_shared_queue; bank_queues takes ras + rp).",
            Range{0, 1 << 20}},
      Field{&DramTiming::burst, "burst", "cycles", "Data bus time of a column command.",
            Range{1, 1 << 20}},
      Field{&DramTiming::ccd_s, "ccd_s", "cycles", "Column to column, other bank group.",
            Range{0, 1 << 20}},
      Field{&DramTiming::ccd_l, "ccd_l", "cycles", "Column to column, same bank group.",
            Range{0, 1 << 20}},
      Field{&DramTiming::rrd_s, "rrd_s", "cycles", "ACT to ACT, other bank group.",
            Range{0, 1 << 20}},
      Field{&DramTiming::rrd_l, "rrd_l", "cycles", "ACT to ACT, same bank group.",
            Range{0, 1 << 20}},
      Field{&DramTiming::faw, "faw", "cycles", "Window that holds at most four ACT of a rank.",
            Range{0, 1 << 20}},
      Field{&DramTiming::wr, "wr", "cycles", "End of write data to PRE.", Range{0, 1 << 20}},
      Field{&DramTiming::rtp, "rtp", "cycles", "RD to PRE.", Range{1, 1 << 20}},
      Field{&DramTiming::wtr_s, "wtr_s", "cycles", "End of write data to RD, other bank group.",
            Range{0, 1 << 20}},
      Field{&DramTiming::wtr_l, "wtr_l", "cycles", "End of write data to RD, same bank group.",
            Range{0, 1 << 20}},
      Field{&DramTiming::refi, "refi", "cycles", "From refresh to refresh of a rank.",
            Range{1, 1 << 20}},
      Field{&DramTiming::rfc, "rfc", "cycles", "REF to ACT.", Range{0, 1 << 20}},
      Field{&DramTiming::xp, "xp", "cycles", "End of power-down to a command (power_down).",
            Range{0, 1 << 20}},
      Field{&DramTiming::rank_switch, "rank_switch", "cycles",
            "Gap on the bus between ranks (nCS, tRTRS).", Range{0, 1 << 20}},
      Field{&DramTiming::read_to_write, "read_to_write", "cycles",
            "Gap on the bus between a read and a write (frfcfs_shared_queue; bank_queues takes "
            "rank_switch).",
            Range{0, 1 << 20}},
      Field{&DramTiming::ppd, "ppd", "cycles", "PRE to PRE of a rank; 0: none.", Range{0, 1 << 20}},
      Field{&DramTiming::act_cycles, "act_cycles", "cycles", "Cycles an ACT is on the command bus.",
            Range{1, 4}}};
};

}  // namespace hdp
