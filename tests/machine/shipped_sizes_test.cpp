// SPDX-License-Identifier: Apache-2.0
// The machines that come with the software hold long sequences, cut into pieces.
#include <gtest/gtest.h>

#include "machine/bench.hpp"
#include <hdp/config/catalog.hpp>

namespace hdp::test {
namespace {

TEST(ShippedSizesTest, StripsStayTallAtFourThousandTokens) {
  const Catalog catalog({std::string(HDP_SOURCE_DIR) + "/configs"});
  for (const char* machine : {"hdp_edge", "hdp_server", "dense"})
    for (const std::int64_t keys : {1'024, 4'096}) {
      const HdpConfig config = resolve_hdp(catalog, machine);
      const Problem problem{0, keys, keys, true};
      for (const std::int64_t fraction_bits : {8, 13}) {
        const Layout layout =
            make_layout(config, {9, 3, keys, keys, 64}, problem, {16, fraction_bits});
        EXPECT_GE(layout.strip_rows, config.core.pe_array.rows / 4) << machine << ' ' << keys;
        EXPECT_FALSE(layout.v_resident);
      }
    }
}

TEST(ShippedSizesTest, FiveHundredTokensStayOnTheServer) {
  const Catalog catalog({std::string(HDP_SOURCE_DIR) + "/configs"});
  for (const char* machine : {"hdp_server", "dense"}) {
    const HdpConfig config = resolve_hdp(catalog, machine);
    const Layout layout =
        make_layout(config, {12, 12, 512, 512, 64}, {0, 512, 512, false}, {16, 12});
    EXPECT_TRUE(layout.v_resident) << machine;
    EXPECT_TRUE(layout.k_resident || layout.k_frac_resident) << machine;
    EXPECT_EQ(layout.strip_rows, config.core.pe_array.rows) << machine;
  }
}

}  // namespace
}  // namespace hdp::test
