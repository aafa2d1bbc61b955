// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include <hdp/config/field.hpp>

namespace hdp {

/// An energy of every bit that moves, with its source.
struct EnergyPerBit {
  double pj_per_bit = 0;
  std::string source;

  static constexpr auto kFields =
      std::tuple{Field{&EnergyPerBit::pj_per_bit, "pj_per_bit", "pJ/bit",
                       "0 where nothing was found.", Range{0, 1e6}},
                 Field{&EnergyPerBit::source, "source", "", "Where the value comes from."}};
};

/// What data costs between the array of a DRAM and the logic that asks for it. The array itself is
/// priced by its currents.
struct DramInterface {
  EnergyPerBit io_read, io_write, line_read, line_write, phy_read, phy_write;
  std::string leaves_out = "device I/O, controller PHY, VPP";

  static constexpr auto kFields = std::tuple{
      Field{&DramInterface::io_read, "io_read", "", "Drivers and termination of a read."},
      Field{&DramInterface::io_write, "io_write", "", "Drivers and termination of a write."},
      Field{&DramInterface::line_read, "line_read", "", "Switching of the lines by a read."},
      Field{&DramInterface::line_write, "line_write", "", "Switching of the lines by a write."},
      Field{&DramInterface::phy_read, "phy_read", "", "PHY of the controller, a read."},
      Field{&DramInterface::phy_write, "phy_write", "", "PHY of the controller, a write."},
      Field{&DramInterface::leaves_out, "leaves_out", "", "What no line of the energy covers."}};
};

/// Ranks that nobody wants anything of.
struct DramPowerDown {
  bool when_idle = false;
  std::int64_t after = 32;

  static constexpr auto kFields = std::tuple{
      Field{&DramPowerDown::when_idle, "when_idle", "",
            "A rank without requests draws idd3p or idd2p, and its next command waits timing.xp."},
      Field{&DramPowerDown::after, "after", "cycles",
            "From its last data or refresh to power-down.", Range{0, 1 << 20}}};
};

}  // namespace hdp
