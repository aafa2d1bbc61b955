// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <hdp/memory/dram_config.hpp>

namespace hdp {

/// Where in a DRAM an access lies.
struct DramAddress {
  std::uint32_t channel = 0, pseudo_channel = 0, rank = 0, bank_group = 0, bank = 0;
  std::uint32_t row = 0, column = 0;
  friend bool operator==(const DramAddress&, const DramAddress&) = default;
};

/// Cuts a byte address into fields: "ro co ba bg ra ch" names them from the most to the least
/// significant one above the access; their widths follow from the organisation. "ba^ro" is a bank
/// whose bits are exclusive-ored with all bits of the row, folded to its width: streams that lie a
/// power of two apart then meet in different banks. Address bits above the highest field are
/// ignored.
class AddressMap {
 public:
  /// UserError (path "/map") where a field is unknown, named twice, or missing although the device
  /// has more than one of it.
  AddressMap(std::string_view fields, const DramOrganisation& organisation);

  [[nodiscard]] DramAddress decode(std::uint64_t address) const {
    const auto field = [&](std::size_t i) {
      return static_cast<std::uint32_t>((address >> parts_[i].shift) & parts_[i].mask);
    };
    const DramAddress place{field(0), field(1), field(2), field(3), field(4), field(5), field(6)};
    return folds_ ? folded(place) : place;
  }
  /// The first byte of the access there.
  [[nodiscard]] std::uint64_t encode(const DramAddress& at) const;

 private:
  struct Part {
    unsigned shift = 0;
    std::uint64_t mask = 0;
    bool folded = false;  ///< With the row.
  };
  /// Its own inverse.
  [[nodiscard]] DramAddress folded(DramAddress place) const;
  static constexpr std::size_t kParts = 7;
  std::array<Part, kParts> parts_{};
  bool folds_ = false;
};

}  // namespace hdp
