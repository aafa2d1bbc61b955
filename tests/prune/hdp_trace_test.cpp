// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/prune/hdp_scores.hpp>
#include <hdp/prune/hdp_trace.hpp>

namespace hdp {
namespace {

using test::bytes_of;
using test::error_of;
using test::TraceFile;

/// One head with d = 2 and one row in each tensor.
template <class T>
TraceFile one_row(ElementType type, std::vector<T> q, std::vector<T> k, std::vector<T> v) {
  TraceFile file;
  file.add("layers.0.q", {1, 1, 2}, type, bytes_of(q));
  file.add("layers.0.k", {1, 1, 2}, type, bytes_of(k));
  file.add("layers.0.v", {1, 1, 2}, type, bytes_of(v));
  return file;
}

HdpHead load(const Trace& trace, const HdpSettings& settings, bool with_values = true) {
  HdpHead head;
  head.load(trace, 0, 0, hdp_formats(trace, settings), settings, with_values);
  return head;
}

TEST(HdpHeadTest, FloatingPointValuesBecomeCodesAndPlanes) {
  const Trace trace =
      one_row<double>(ElementType::F64, {1.75, -1.75}, {0.25, 100}, {-0.5, 9}).trace();
  const HdpHead head = load(trace, {.word_bits = 6, .fraction_bits = 2});
  EXPECT_TRUE(std::ranges::equal(head.q.code.values(), std::vector<int>{7, -7}));
  EXPECT_TRUE(std::ranges::equal(head.q.integer.values(), std::vector<int>{1, -1}));
  EXPECT_TRUE(std::ranges::equal(head.q.fraction.values(), std::vector<int>{3, -3}));
  EXPECT_TRUE(std::ranges::equal(head.k.code.values(), std::vector<int>{1, 31}));
  EXPECT_TRUE(std::ranges::equal(head.v.values(), std::vector<double>{-0.5, 7.75}));
  EXPECT_EQ(head.q.saturated, 0);
  EXPECT_EQ(head.k.saturated, 1);
  EXPECT_EQ(head.v_saturated, 1);
  EXPECT_EQ(head.d, 2);
  EXPECT_EQ(head.fraction_bits, 2);
}

TEST(HdpHeadTest, WithoutValuesVIsStillCounted) {
  const Trace trace = one_row<double>(ElementType::F64, {0, 0}, {0, 0}, {99, 1}).trace();
  const HdpHead head = load(trace, {.word_bits = 6, .fraction_bits = 2}, false);
  EXPECT_EQ(head.v_saturated, 1);
  EXPECT_EQ(head.v.rows(), 0);
  EXPECT_EQ(head.q.fraction.rows(), 0);
  EXPECT_EQ(head.q.integer.rows(), 1);
}

TEST(HdpHeadTest, StoredIntegersAreCodesTimesScale) {
  TraceFile file = one_row<std::int16_t>(ElementType::I16, {10, -3}, {6, 31}, {4, -90});
  file.metadata["layers.0.q.scale"] = "0.3";
  file.metadata["scale"] = "0.125";
  TraceFile as_values = one_row<double>(ElementType::F64, {10 * 0.3, -3 * 0.3},
                                        {6 * 0.125, 31 * 0.125}, {4 * 0.125, -90 * 0.125});
  const HdpSettings settings{.word_bits = 6, .fraction_bits = 2, .rho = -0.999};
  const HdpHead head = load(file.trace(), settings), values = load(as_values.trace(), settings);
  EXPECT_TRUE(std::ranges::equal(head.q.code.values(), std::vector<int>{12, -4}));
  EXPECT_TRUE(std::ranges::equal(head.q.integer.values(), std::vector<int>{3, -1}));
  EXPECT_TRUE(std::ranges::equal(head.k.code.values(), values.k.code.values()));
  EXPECT_TRUE(std::ranges::equal(head.v.values(), std::vector<double>{0.5, -7.75}));
  EXPECT_EQ(head.q.saturated + head.k.saturated, 0);
  EXPECT_EQ(head.v_saturated, 1);
}

TEST(HdpHeadTest, AnEmptyIntegerPlaneIsKnown) {
  const Trace trace = one_row<double>(ElementType::F64, {0.9, -0.9}, {0.9, 1}, {0, 0}).trace();
  HdpHead head = load(trace, {});
  EXPECT_TRUE(head.q.integer_is_zero);
  EXPECT_FALSE(head.k.integer_is_zero);
  EXPECT_FALSE(load(trace, {.split = SplitMode::Floor}).q.integer_is_zero);
}

TEST(HdpFormatsTest, ANumberOfFractionBitsIsForAllTensors) {
  const Trace trace = one_row<double>(ElementType::F64, {0, 0}, {0, 0}, {0, 99}).trace();
  const HdpFormats formats = hdp_formats(trace, {.word_bits = 12, .fraction_bits = 7});
  EXPECT_EQ(formats.qk, (FixedPoint{12, 7}));
  EXPECT_EQ(formats.v, (FixedPoint{12, 7}));
}

TEST(HdpFormatsTest, AutoTakesQAndKTogetherAndVForItself) {
  TraceFile file = one_row<double>(ElementType::F64, {3.5, 0}, {0, 50}, {7.5, 0});
  file.add("layers.1.q", {2, 1, 2}, ElementType::F64, bytes_of(std::vector<double>{0, 0, 30, 30}));
  file.add("layers.1.k", {1, 1, 2}, ElementType::F64, bytes_of(std::vector<double>{0, 0}));
  file.add("layers.1.v", {1, 1, 2}, ElementType::F64, bytes_of(std::vector<double>{0, -8.1}));
  const HdpFormats formats = hdp_formats(file.trace(), {.fraction_bits = std::nullopt});
  EXPECT_EQ(formats.qk, (FixedPoint{16, 9})) << "50 of K needs 7 integer bits";
  EXPECT_EQ(formats.v, (FixedPoint{16, 11})) << "8.1 needs 5";
  // Where a quarter of each tensor may saturate, 50 and 8.1 do; 30 of the last head's Q may not.
  const HdpFormats lax =
      hdp_formats(file.trace(), {.fraction_bits = std::nullopt, .max_saturated = 0.25});
  EXPECT_EQ(lax.qk, (FixedPoint{16, 10}));
  EXPECT_EQ(lax.v, (FixedPoint{16, 12}));
}

TEST(HdpFormatsTest, AutoLooksAtIntegersTimesTheirScale) {
  TraceFile file = one_row<std::int8_t>(ElementType::I8, {1, 2}, {3, 100}, {5, 60});
  file.metadata["scale"] = "0.5";
  file.metadata["layers.0.v.scale"] = "0.125";
  const HdpFormats formats = hdp_formats(file.trace(), {.fraction_bits = std::nullopt});
  EXPECT_EQ(formats.qk, (FixedPoint{16, 9})) << "50 of K needs 7 integer bits";
  EXPECT_EQ(formats.v, (FixedPoint{16, 12})) << "7.5 needs 4";
}

TEST(HdpFormatsTest, FractionBitsThatLeaveNoSignAreAnError) {
  const Trace trace = one_row<double>(ElementType::F64, {0, 0}, {0, 0}, {0, 0}).trace();
  EXPECT_EQ(error_of([&] { hdp_formats(trace, {.word_bits = 8, .fraction_bits = 8}); }),
            "/prune/fraction_bits: 8 fraction bits leave no sign in a word of 8 [bits]; "
            "allowed: 0 to 7, or auto");
  EXPECT_EQ(error_of([&] { hdp_formats(trace, {.word_bits = 8, .fraction_bits = 7}); }), "");
}

}  // namespace
}  // namespace hdp
