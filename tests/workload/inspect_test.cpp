// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/workload/inspect.hpp>

namespace hdp {
namespace {

using test::bytes_of;
using test::TraceFile;

Trace shipped() {
  return load_trace(HDP_SOURCE_DIR "/configs/workloads/minilm_sotu_n64.safetensors");
}

/// Rounded to one digit, as published.
double tenths(double value) { return std::round(value * 10) / 10; }

TEST(InspectTest, TheShippedTraceHasThePublishedExtremes) {
  const auto [q, k, v] = summarise(shipped());
  EXPECT_EQ(tenths(q.max_abs), 7.7);
  EXPECT_EQ(tenths(k.max_abs), 9.4);
  EXPECT_EQ(tenths(v.max_abs), 4.5);
  EXPECT_EQ(q.count, 6 * 12 * 64 * 32);
  EXPECT_EQ(q.share_beyond[3], 0);
  EXPECT_EQ(k.share_beyond[3], 1.0 / (6 * 12 * 64 * 32)) << "0.0007 %";
  EXPECT_EQ(v.share_beyond[3], 0);
}

TEST(InspectTest, RowsSayHowEveryTensorIsStored) {
  const std::vector<TensorRow> rows = tensor_rows(shipped().file());
  ASSERT_EQ(rows.size(), 18U);
  EXPECT_EQ(rows[0], (TensorRow{"layers.0.q", ElementType::F16, {12, 64, 32}, 49152}));
}

TEST(InspectTest, TheSummaryIsTheTextbookOneOverAllLayers) {
  TraceFile file;
  file.add_layer(0, {.heads = 1, .kv_heads = 1, .n_q = 2, .n_k = 1, .d = 1});
  file.add("layers.1.q", {2, 1, 1}, ElementType::F64, bytes_of(std::vector<double>{-128.5, 128}));
  file.add("layers.1.k", {1, 1, 1}).add("layers.1.v", {1, 1, 1});
  const auto [q, k, v] = summarise(file.trace());
  EXPECT_EQ(q.kind, TensorKind::Q);
  EXPECT_EQ(v.kind, TensorKind::V);
  EXPECT_EQ(q.count, 4);
  EXPECT_EQ(q.max_abs, 128.5);
  EXPECT_EQ(q.mean, -0.125);
  EXPECT_EQ(q.standard_deviation, std::sqrt((128.5 * 128.5 + 128.0 * 128.0) / 4 - 0.125 * 0.125));
  EXPECT_EQ(q.share_beyond[0], 0.5);
  EXPECT_EQ(q.share_beyond[6], 0.5);
  EXPECT_EQ(q.share_beyond[7], 0.25) << "a power itself is not beyond it";
  EXPECT_EQ(k.count, 2);
  EXPECT_EQ(k.max_abs, 0);
}

TEST(InspectTest, IntegersCountWithTheirScale) {
  TraceFile file;
  file.add("layers.0.q", {1, 1, 1}, ElementType::I8, bytes_of(std::vector<std::int8_t>{-6}));
  file.add("layers.0.k", {1, 1, 1}).add("layers.0.v", {1, 1, 1});
  file.metadata["layers.0.q.scale"] = "0.5";
  const auto [q, k, v] = summarise(file.trace());
  EXPECT_EQ(q.mean, -3);
  EXPECT_EQ(q.max_abs, 3);
  EXPECT_EQ(q.standard_deviation, 0);
}

}  // namespace
}  // namespace hdp
