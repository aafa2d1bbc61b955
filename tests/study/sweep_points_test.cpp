// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/study/sweep/points.hpp>

namespace hdp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SweepFile file_with(const std::string& axes, const std::string& more = "") {
  return read_sweep(
      R"({"machine": ["a", "b"], "workload": "w", "axes": [)" + axes + "]" + more + "}",
      "/folder/sweep.json");
}

std::string refusal(const std::string& axes, const std::string& more = "") {
  try {
    const SweepFile file = file_with(axes, more);
    (void)SweepPoints(file);
  } catch (const UserError& mistake) {
    return mistake.what();
  }
  return "";
}

std::vector<double> values_of(const std::string& axis) {
  const SweepFile file = file_with(axis);
  std::vector<double> values;
  for (const Fact& value : file.axes.front().settings.front().values)
    values.push_back(*value.number());
  return values;
}

TEST(SweepPointsTest, TheLastAxisIsTheFastestAndMachinesTheSlowest) {
  const SweepFile file =
      file_with(R"({"path": "x", "values": [1, 2]}, {"path": "y", "values": ["p", "q", "r"]})");
  const SweepPoints points(file);
  ASSERT_EQ(points.count(), 12);
  for (std::int64_t k = 0; k < 12; ++k) {
    const SweepPoint point = points.at(k);
    EXPECT_EQ(point.number, k);
    EXPECT_EQ(point.machine, static_cast<std::size_t>(k / 6));
    EXPECT_EQ(point.settings[0].value, Fact(k / 3 % 2 + 1));
    EXPECT_EQ(point.settings[1].value, Fact(std::string(1, "pqr"[k % 3])));
  }
}

TEST(SweepPointsTest, ZippedSettingsMoveTogether) {
  const SweepFile file = file_with(
      R"({"zip": [{"path": "x", "values": [1, 2]}, {"path": "y", "from": 10, "to": 20, "count": 2}]})");
  const SweepPoints points(file);
  ASSERT_EQ(points.count(), 4);
  const SweepPoint second = points.at(1);
  EXPECT_EQ(second.settings[0].value, Fact(2));
  EXPECT_EQ(second.settings[1].value, Fact(20));
}

TEST(SweepPointsTest, EndsThatAreWholeGiveWholeNumbersAndTenthsAreTenths) {
  EXPECT_THAT(values_of(R"({"path": "x", "from": 4, "to": 64, "count": 4})"),
              ElementsAre(4, 24, 44, 64));
  EXPECT_THAT(values_of(R"({"path": "x", "from": 1, "to": 64, "count": 4, "scale": "log"})"),
              ElementsAre(1, 4, 16, 64));
  EXPECT_THAT(values_of(R"({"path": "x", "from": 0.1, "to": 0.5, "count": 5})"),
              ElementsAre(0.1, 0.2, 0.3, 0.4, 0.5));
}

TEST(SweepPointsTest, ASampleOfALatinHypercubeHasEveryCellOfEveryAxisOnce) {
  const SweepSample sample{SampleMethod::LatinHypercube, 100, 7};
  const std::vector<double> drawn = draw_sample(sample, 3);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    std::set<std::int64_t> cells;
    for (std::size_t i = 0; i < 100; ++i)
      cells.insert(static_cast<std::int64_t>(drawn[3 * i + axis] * 100));
    EXPECT_EQ(cells.size(), 100U);
  }
}

/// Of a sobol sequence 2^k points have one in each of 2^k cells of an axis, whatever the shift.
TEST(SweepPointsTest, ASobolSampleIsEven) {
  for (const std::int64_t seed : {0, 3}) {
    const std::vector<double> drawn = draw_sample({SampleMethod::Sobol, 64, seed}, 4);
    for (std::size_t axis = 0; axis < 4; ++axis) {
      std::vector<int> cells(8, 0);
      for (std::size_t i = 0; i < 64; ++i)
        ++cells[static_cast<std::size_t>(drawn[4 * i + axis] * 8)];
      for (const int count : cells) EXPECT_NEAR(count, 8, 1) << "axis " << axis;
    }
  }
}

TEST(SweepPointsTest, ASeedGivesTheSameSampleAndAnotherAnother) {
  for (const SampleMethod method :
       {SampleMethod::Random, SampleMethod::LatinHypercube, SampleMethod::Sobol}) {
    EXPECT_EQ(draw_sample({method, 20, 1}, 2), draw_sample({method, 20, 1}, 2));
    EXPECT_NE(draw_sample({method, 20, 1}, 2), draw_sample({method, 20, 2}, 2));
    for (const double at : draw_sample({method, 1000, 5}, 2)) EXPECT_TRUE(at >= 0 && at < 1);
  }
}

TEST(SweepPointsTest, ASpanWithoutCountIsDrawnFromContinuously) {
  const SweepFile file = file_with(R"({"path": "x", "from": 1, "to": 1024, "scale": "log"},
                                      {"path": "y", "from": 0.5, "to": 2.5})",
                                   R"(, "sample": {"method": "random", "count": 400, "seed": 3})");
  const SweepPoints points(file);
  ASSERT_EQ(points.count(), 800);
  int below = 0;
  for (std::int64_t k = 0; k < 400; ++k) {
    const SweepPoint point = points.at(k);
    const auto* const x = point.settings[0].value.as<std::int64_t>();
    ASSERT_NE(x, nullptr) << "both ends are whole";
    EXPECT_TRUE(*x >= 1 && *x <= 1024);
    below += *x < 32 ? 1 : 0;
    const double y = *point.settings[1].value.number();
    EXPECT_TRUE(y >= 0.5 && y <= 2.5);
  }
  EXPECT_NEAR(below, 200, 50) << "half of a logarithmic span lies below its geometric mean";
}

TEST(SweepPointsTest, WhatIsWrittenReadsTheSame) {
  for (const char* sample : {"", R"(, "sample": {"method": "sobol", "count": 8, "seed": 2})"}) {
    const SweepFile file = file_with(
        R"({"path": "x", "values": [0.5, "z", [1, 2], null]},
           {"zip": [{"path": "y", "values": [1, 2]}, {"path": "t", "values": [3, 4]}]})",
        std::string(R"(, "set": {"s": [1]}, "baseline": "none", "fidelity": false)") + sample);
    const std::string text = sweep_text(file);
    EXPECT_EQ(sweep_text(read_sweep(text, "/elsewhere/sweep.json")), text);
  }
}

TEST(SweepPointsTest, FilesStartAtTheFolderOfTheSweep) {
  const SweepFile file =
      read_sweep(R"({"machine": ["hdp_edge", "mine.json"], "workload": "sub/trace.safetensors"})",
                 "/folder/sweep.json");
  EXPECT_THAT(file.machines, ElementsAre("hdp_edge", "/folder/mine.json"));
  EXPECT_THAT(file.workloads, ElementsAre("/folder/sub/trace.safetensors"));
}

TEST(SweepPointsTest, MistakesNameTheirPlace) {
  EXPECT_THAT(refusal(R"({"path": "x", "valeus": [1]})"), HasSubstr("/axes/0/from: is missing"));
  EXPECT_THAT(refusal(R"({"path": "x", "values": [1], "count": 3})"),
              HasSubstr("/axes/0/count: no such key"));
  EXPECT_THAT(refusal(R"({"path": "x", "values": []})"), HasSubstr("/axes/0/values: is empty"));
  EXPECT_THAT(refusal(R"({"path": "x", "values": [1, 1]})"), HasSubstr("gives 1 twice"));
  EXPECT_THAT(refusal(R"({"path": "x", "from": 1, "to": 3, "count": 9})"), HasSubstr("twice"));
  EXPECT_THAT(refusal(R"({"path": "x", "from": 0, "to": 3, "count": 2, "scale": "log"})"),
              HasSubstr("ends above 0"));
  EXPECT_THAT(refusal(R"({"path": "x", "from": 0, "to": 3})"), HasSubstr("/axes/0/count"));
  EXPECT_THAT(refusal(R"({"path": "x", "values": [1]}, {"path": "x", "values": [2]})"),
              HasSubstr("x is set twice"));
  EXPECT_THAT(refusal(R"({"zip": [{"path": "x", "values": [1]}]})"), HasSubstr("/axes/0/zip"));
  EXPECT_THAT(
      refusal(R"({"zip": [{"path": "x", "values": [1]}, {"path": "y", "values": [1, 2]}]})"),
      HasSubstr("2 values, the first 1"));
  EXPECT_THAT(refusal("", R"(, "sampel": {})"), HasSubstr("did you mean 'sample'"));
  EXPECT_THAT(refusal("", R"(, "sample": {"method": "sobel", "count": 1})"),
              HasSubstr("did you mean 'sobol'"));
  EXPECT_THAT(
      refusal(R"({"path": "x", "values": [1]})", R"(, "sample": {"method": "grid", "seed": 1})"),
      HasSubstr("/sample/seed: changes nothing"));
  std::string many;
  for (int axis = 0; axis < 8; ++axis) {
    if (axis > 0) many += ',';
    many += R"({"path": "x)";
    many += std::to_string(axis);
    many += R"(", "from": 1, "to": 100, "count": 100})";
  }
  EXPECT_THAT(refusal(many), HasSubstr("more than 10000000 points"));
}

}  // namespace
}  // namespace hdp
