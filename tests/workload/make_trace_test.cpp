// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/workload/make_trace.hpp>

namespace hdp {
namespace {

using test::error_of;

/// Some matrices of different values, which no float holds exactly.
std::vector<EigenMatrix<double>> heads(std::int64_t count, std::int64_t rows, std::int64_t d) {
  std::vector<EigenMatrix<double>> made;
  for (std::int64_t h = 0; h < count; ++h) {
    auto& matrix = made.emplace_back(rows, d);
    for (std::int64_t i = 0; i < matrix.size(); ++i)
      matrix.data()[i] = std::sqrt(static_cast<double>(100 * h + i + 2));
  }
  return made;
}

/// What a layer's views refer to.
struct Layer {
  std::vector<EigenMatrix<double>> q = heads(4, 3, 2), k = heads(2, 5, 2), v = heads(2, 5, 2);
  [[nodiscard]] LayerMatrices matrices() const {
    return {{q.begin(), q.end()}, {k.begin(), k.end()}, {v.begin(), v.end()}};
  }
};

Trace made(const TraceDescription& description, const Layer& layer) {
  return make_trace(description, std::array{layer.matrices()});
}

/// The error of a prefill whose layer `change` has changed.
std::string error_after(const std::function<void(Layer&)>& change) {
  Layer layer;
  change(layer);
  return error_of([&] { made({.name = "t"}, layer); });
}

TEST(MakeTraceTest, WhatGoesInComesOutBitForBit) {
  const Layer layer;
  const Trace trace = made({.name = "mine", .causal = true}, layer);
  EXPECT_EQ(trace.name(), "mine");
  EXPECT_EQ(trace.stage(), Stage::Prefill);
  EXPECT_TRUE(trace.causal());
  ASSERT_EQ(trace.layers(), 1);
  EXPECT_EQ(trace.shape(0), (LayerShape{.heads = 4, .kv_heads = 2, .n_q = 3, .n_k = 5, .d = 2}));
  EXPECT_EQ(trace.element_type(0, TensorKind::Q), ElementType::F64);
  for (const auto& [kind, all] :
       {std::pair{TensorKind::Q, &layer.q}, {TensorKind::K, &layer.k}, {TensorKind::V, &layer.v}}) {
    for (std::int64_t h = 0; h < std::ssize(*all); ++h) {
      const Matrix<double> head = trace.read_head(0, kind, h);
      EXPECT_EQ(head.eigen(), (*all)[static_cast<std::size_t>(h)]);
    }
  }
}

TEST(MakeTraceTest, ItIsTheFileThatTheWriterWrites) {
  const Layer layer;
  const Trace trace = made({.name = "t"}, layer);
  const std::string file = write_safetensors(trace.file().tensors(), trace.metadata());
  const Trace again = trace_from_bytes(test::bytes_of(file), "t");
  EXPECT_EQ(again.sha256(), trace.sha256());
  EXPECT_EQ(trace.metadata(), (Metadata{{"stage", "prefill"}, {"causal", "false"}}));
}

TEST(MakeTraceTest, ADecodeTraceCountsItsStepsInQ) {
  const Layer layer;
  const Trace trace = made({.name = "t", .stage = Stage::Decode, .n_ctx = 2}, layer);
  EXPECT_TRUE(trace.causal());
  EXPECT_EQ(trace.n_ctx(), 2);
  EXPECT_EQ(trace.steps(), 3);
  EXPECT_EQ(error_of([&] { made({.name = "t", .stage = Stage::Decode, .n_ctx = 3}, layer); }),
            "t: tensor 'layers.0.k': 5 rows; allowed: the metadata's n_ctx 3 + steps 3");
  EXPECT_EQ(error_of([&] { made({.name = "t", .stage = Stage::Decode, .n_ctx = -1}, layer); }),
            "t: metadata 'n_ctx': '-1'; allowed: a whole number, at least 0");
  EXPECT_EQ(error_of([&] { made({.name = "t", .n_ctx = 2}, layer); }),
            "t: n_ctx: 2 in prefill; allowed: 0, all keys come from k");
}

TEST(MakeTraceTest, LayersMayDifferAndHeadsMayShareMemory) {
  const Layer first;
  const EigenMatrix<double> all = heads(1, 12, 4)[0];
  LayerMatrices second;
  for (std::int64_t h = 0; h < 3; ++h) second.q.emplace_back(all.middleRows(4 * h, 4));
  second.k = {all};
  second.v = {all};
  const Trace trace = make_trace({.name = "t"}, std::array{first.matrices(), second});
  EXPECT_EQ(trace.shape(1), (LayerShape{.heads = 3, .kv_heads = 1, .n_q = 4, .n_k = 12, .d = 4}));
  const Matrix<double> last = trace.read_head(1, TensorKind::Q, 2);
  EXPECT_EQ(last.eigen(), all.bottomRows(4));
}

TEST(MakeTraceTest, NothingIsNoTrace) {
  EXPECT_EQ(error_of([] { make_trace({.name = "t"}, {}); }),
            "t: not an attention trace: it holds no tensor at all, but no 'layers.'; allowed: "
            "layers.L.q, layers.L.k, layers.L.v with L = 0, 1, 2, ...");
  EXPECT_EQ(error_after([](Layer& layer) { layer.v.clear(); }),
            "t: tensor 'layers.0.v': shape [0, 0, 0]; allowed: 3 dimensions [heads, rows, d] of at "
            "least 1");
  EXPECT_EQ(error_after([](Layer& layer) { layer.q = heads(1, 0, 2); }),
            "t: tensor 'layers.0.q': shape [1, 0, 2]; allowed: 3 dimensions [heads, rows, d] of at "
            "least 1");
}

TEST(MakeTraceTest, ValuesAreFinite) {
  EXPECT_EQ(error_after(
                [](Layer& layer) { layer.k[1](4, 0) = std::numeric_limits<double>::quiet_NaN(); }),
            "t: tensor 'layers.0.k': value NaN at [1, 4, 0]; "
            "allowed: finite numbers of at most 2^128 (3.4e38) in magnitude");
}

TEST(MakeTraceTest, HeadsOfATensorAreAlikeAndTensorsFit) {
  EXPECT_EQ(error_after([](Layer& layer) { layer.q[2].resize(2, 3); }),
            "t: tensor 'layers.0.q': head 2 is 2 x 3; allowed: 3 x 2 as head 0");
  EXPECT_EQ(error_after([](Layer& layer) { layer.v = heads(2, 4, 2); }),
            "t: tensor 'layers.0.v': shape [2, 4, 2]; allowed: [2, 5, 2] as k has");
  EXPECT_EQ(error_after([](Layer& layer) { layer.q = heads(3, 3, 2); }),
            "t: tensor 'layers.0.k': 2 kv heads; allowed: a divisor of the 3 query heads");
  EXPECT_EQ(error_after([](Layer& layer) { layer.q = heads(4, 3, 1); }),
            "t: tensor 'layers.0.k': d is 2; allowed: 1 as in q");
}

}  // namespace
}  // namespace hdp
