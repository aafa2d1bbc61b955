// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tuple>

#include <hdp/config/field.hpp>

namespace hdp {

/// Supply voltage and currents of one device, as data sheets name them. `source` is free text.
struct DramCurrents {
  double vdd = 1.2;
  double idd0 = 48, idd2n = 34, idd2p = 25, idd3n = 43, idd3p = 37;
  double idd4r = 135, idd4w = 123, idd5ab = 250;

  static constexpr auto kFields = std::tuple{
      Field{&DramCurrents::vdd, "vdd", "V", "Core supply.", Range{0, 10}},
      Field{&DramCurrents::idd0, "idd0", "mA", "Activate and precharge, back to back.",
            Range{0, 1e6}},
      Field{&DramCurrents::idd2n, "idd2n", "mA", "Standby, all banks closed.", Range{0, 1e6}},
      Field{&DramCurrents::idd2p, "idd2p", "mA", "Power-down, all banks closed.", Range{0, 1e6}},
      Field{&DramCurrents::idd3n, "idd3n", "mA", "Standby, a bank open.", Range{0, 1e6}},
      Field{&DramCurrents::idd3p, "idd3p", "mA", "Power-down, a bank open.", Range{0, 1e6}},
      Field{&DramCurrents::idd4r, "idd4r", "mA", "Reads back to back.", Range{0, 1e6}},
      Field{&DramCurrents::idd4w, "idd4w", "mA", "Writes back to back.", Range{0, 1e6}},
      Field{&DramCurrents::idd5ab, "idd5ab", "mA", "All-bank refresh.", Range{0, 1e6}}};
};

}  // namespace hdp
