// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/memory/address_map.hpp>

namespace hdp {
namespace {

std::string mistake_of(std::string_view map, const DramOrganisation& device = {}) {
  try {
    static_cast<void>(AddressMap(map, device));
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(AddressMapTest, TheLastFieldLiesJustAboveTheAccess) {
  const AddressMap map("ro co ba bg ra ch", {});  // 64 B, 4 groups, 4 banks, 128 accesses a row
  EXPECT_EQ(map.decode(63), DramAddress{});
  EXPECT_EQ(map.decode(64), DramAddress{.bank_group = 1});
  EXPECT_EQ(map.decode(4 * 64), DramAddress{.bank = 1});
  EXPECT_EQ(map.decode(16 * 64), DramAddress{.column = 1});
  EXPECT_EQ(map.decode(128 * 16 * 64), DramAddress{.row = 1});
}

TEST(AddressMapTest, EveryFieldComesBack) {
  const DramOrganisation device{.channels = 8, .pseudo_channels = 2, .ranks = 4};
  const DramAddress place{.channel = 5,
                          .pseudo_channel = 1,
                          .rank = 3,
                          .bank_group = 2,
                          .bank = 1,
                          .row = 65'535,
                          .column = 127};
  for (const char* fields : {"ro ra ba bg pc co ch", "ch ro co pc ra bg ba", "co ro ch ra pc ba bg",
                             "ro ba^ro ra^ro co bg^ro pc^ro ch^ro"}) {
    const AddressMap map(fields, device);
    EXPECT_EQ(map.decode(map.encode(place)), place) << fields;
  }
}

TEST(AddressMapTest, AFoldedFieldTakesAllBitsOfTheRow) {
  const AddressMap plain("ro ba co bg", {}), folded("ro ba^ro co bg", {});
  const std::uint64_t row = 64ULL * 4 * 128 * 4;
  for (const unsigned bit : {0U, 1U, 5U, 14U, 15U}) {
    EXPECT_EQ(plain.decode(row << bit), (DramAddress{.row = 1U << bit}));
    EXPECT_EQ(folded.decode(row << bit), (DramAddress{.bank = 1U << bit % 2, .row = 1U << bit}));
  }
}

TEST(AddressMapTest, WhatTheDeviceHasOneOfMayBeLeftOut) {
  EXPECT_EQ(mistake_of("ro ba bg co"), "");
  EXPECT_EQ(mistake_of("ro ba bg co pc ra ch"), "");
}

TEST(AddressMapTest, AMistakeNamesTheField) {
  EXPECT_THAT(mistake_of("ro co ba bx"), testing::HasSubstr("/map: \"bx\" is no address field"));
  EXPECT_THAT(mistake_of("ro co ba ba bg"), testing::HasSubstr("\"ba\" is named twice"));
  EXPECT_THAT(mistake_of("ro co ba"), testing::HasSubstr("\"bg\" is missing, the device has 4"));
  EXPECT_THAT(mistake_of("ro^ro co ba bg"), testing::HasSubstr("\"ro\" cannot be folded"));
  EXPECT_THAT(mistake_of(""), testing::HasSubstr("is missing"));
}

}  // namespace
}  // namespace hdp
