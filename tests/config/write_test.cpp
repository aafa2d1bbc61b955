// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "config/arbitrary_sample.hpp"
#include "config/sample.hpp"
#include <hdp/base/error.hpp>
#include <hdp/config/assign.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/walk.hpp>
#include <hdp/config/write.hpp>

namespace hdp::test {
namespace {

struct Number {
  double value = 0;
  static constexpr auto kFields = std::tuple{Field{&Number::value, "value", "", "Any."}};
};

struct Nothing {
  static constexpr std::tuple<> kFields{};
};

TEST(WriteTest, TheCanonicalTextHasEverySettingInOrder) {
  EXPECT_EQ(write_settings(Sample{}), R"({
  "label": "plain",
  "seed": 2407,
  "budget": "auto",
  "clock": 800.0,
  "core": {
    "pe_array": {
      "rows": 16,
      "fused": true
    },
    "rho": 0.5,
    "map": "block"
  }
}
)");
  EXPECT_EQ(write_settings(Nothing{}), "{}\n");
}

TEST(WriteTest, DoublesAreShortAndLookLikeDoubles) {
  const auto text = [](double value) {
    Number number{value};
    return value_text(bind(number).settings[0]);
  };
  EXPECT_EQ(text(1), "1.0");
  EXPECT_EQ(text(-0.0), "-0.0");
  EXPECT_EQ(text(0.1), "0.1");
  EXPECT_EQ(text(1e30), "1e+30");
  EXPECT_EQ(text(5e-324), "5e-324");
  EXPECT_EQ(text(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_THROW(text(std::nan("")), LogicFault);
  EXPECT_THROW(text(std::numeric_limits<double>::infinity()), LogicFault);
}

RC_GTEST_PROP(WriteTest, EveryFiniteDoubleReadsBackTheSame, (std::uint64_t bits)) {
  const auto value = std::bit_cast<double>(bits);
  RC_PRE(std::isfinite(value));
  Number back;
  read_settings(back, write_settings(Number{value}), "");
  RC_ASSERT(std::bit_cast<std::uint64_t>(back.value) == bits);
}

RC_GTEST_PROP(WriteTest, ReadingBackGivesTheSameSettingsAndBytes, ()) {
  const Sample sample = arbitrary_sample();
  const std::string text = write_settings(sample);
  Sample back;
  read_settings(back, text, "");
  RC_ASSERT(back == sample);
  RC_ASSERT(write_settings(back) == text);
}

RC_GTEST_PROP(WriteTest, AssigningEveryValueTextGivesTheSameSettings, ()) {
  Sample sample = arbitrary_sample();
  Sample back;
  for_each_setting(bind(sample), [&](std::string_view path, const Setting& setting) {
    set_value(back, std::string(path) + "=" + value_text(setting));
  });
  RC_ASSERT(back == sample);
}

TEST(WalkTest, VisitsEverySingleValueInOrder) {
  Sample sample;
  std::vector<std::string> lines;
  for_each_setting(bind(sample), [&](std::string_view path, const Setting& setting) {
    lines.push_back(std::string(path) + " " + value_text(setting) + " " +
                    std::string(source_text(setting.source)));
  });
  EXPECT_EQ(lines,
            (std::vector<std::string>{
                "label \"plain\" ours", "seed 2407 ours", "budget \"auto\" ours",
                "clock 800.0 recalled", "core.pe_array.rows 16 paper",
                "core.pe_array.fused true ours", "core.rho 0.5 ours", "core.map \"block\" ours"}));
}

}  // namespace
}  // namespace hdp::test
