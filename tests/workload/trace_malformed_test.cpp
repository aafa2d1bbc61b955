// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/workload/trace.hpp>

namespace hdp {
namespace {

using test::bytes_of;
using test::error_of;
using test::TraceFile;

constexpr LayerShape kGrouped{.heads = 4, .kv_heads = 2, .n_q = 3, .n_k = 5, .d = 2};
const std::string kValues = "; allowed: finite numbers of at most 2^128 (3.4e38) in magnitude";
const std::string kScales = "; allowed: a number above 0, at most 2^97 (1.6e+29)";
const std::string kNames = "; allowed: layers.L.q, layers.L.k, layers.L.v with L = 0, 1, 2, ...";

std::string error_in(const TraceFile& file) {
  return error_of([&] { return file.trace(); });
}

/// The error of a trace with one layer that `change` has changed.
std::string error_after(const std::function<void(TraceFile&)>& change) {
  TraceFile file;
  file.add_layer(0, kGrouped);
  change(file);
  return error_in(file);
}

std::string error_of_shapes(std::vector<std::int64_t> q, std::vector<std::int64_t> k,
                            std::vector<std::int64_t> v) {
  TraceFile file;
  file.add("layers.0.q", std::move(q)).add("layers.0.k", std::move(k));
  return error_in(file.add("layers.0.v", std::move(v)));
}

TEST(MalformedTraceTest, TheFileThatTheOthersChangeIsFine) {
  EXPECT_EQ(error_after([](TraceFile&) {}), "");
}

TEST(MalformedTraceTest, ALayerLeftOutIsNamed) {
  EXPECT_EQ(error_after([](TraceFile& file) { file.add_layer(2, kGrouped); }),
            "t: tensor 'layers.1.q': is missing; allowed: q, k and v of every layer from 0 to the "
            "last, without gaps");
}

TEST(MalformedTraceTest, ATensorLeftOutIsNamed) {
  TraceFile file;
  file.add("layers.0.q", {1, 1, 1}).add("layers.0.k", {1, 1, 1});
  EXPECT_EQ(error_in(file),
            "t: tensor 'layers.0.v': is missing; allowed: q, k and v of every layer from 0 to the "
            "last, without gaps");
}

TEST(MalformedTraceTest, ATensorThatDoesNotBelongIsNamed) {
  for (const std::string name : {"layers.0.o", "layers.00.q", "layers.-1.q", "layers.0.q.x",
                                 "layers..q", "layers.99999999999999999999.q", "weight"}) {
    EXPECT_EQ(error_after([&](TraceFile& file) {
                file.add(name, {1, 1, 1});
              }),
              "t: tensor '" + name + "': is not part of an attention trace" + kNames);
  }
}

TEST(MalformedTraceTest, AFileOfSomethingElseIsCalledThat) {
  TraceFile file;
  EXPECT_EQ(error_in(file),
            "t: not an attention trace: it holds no tensor at all, but no 'layers.'" + kNames);
  file.add("encoder.weight", {2, 2});
  EXPECT_EQ(
      error_in(file),
      "t: not an attention trace: it holds tensor 'encoder.weight', but no 'layers.'" + kNames);
}

TEST(MalformedTraceTest, ShapesMustFitEachOther) {
  EXPECT_EQ(error_of_shapes({2, 2}, {1, 2, 2}, {1, 2, 2}),
            "t: tensor 'layers.0.q': shape [2, 2]; allowed: 3 dimensions [heads, rows, d] of at "
            "least 1");
  EXPECT_EQ(error_of_shapes({2, 2, 2}, {1, 0, 2}, {1, 0, 2}),
            "t: tensor 'layers.0.k': shape [1, 0, 2]; allowed: 3 dimensions [heads, rows, d] of at "
            "least 1");
  EXPECT_EQ(error_of_shapes({2, 2, 2}, {1, 2, 3}, {1, 2, 3}),
            "t: tensor 'layers.0.k': d is 3; allowed: 2 as in q");
  EXPECT_EQ(error_of_shapes({2, 2, 2}, {1, 2, 2}, {1, 3, 2}),
            "t: tensor 'layers.0.v': shape [1, 3, 2]; allowed: [1, 2, 2] as k has");
  EXPECT_EQ(error_of_shapes({3, 2, 2}, {2, 2, 2}, {2, 2, 2}),
            "t: tensor 'layers.0.k': 2 kv heads; allowed: a divisor of the 3 query heads");
  EXPECT_EQ(error_of_shapes({1, 2, 2}, {2, 2, 2}, {2, 2, 2}),
            "t: tensor 'layers.0.k': 2 kv heads; allowed: a divisor of the 1 query heads");
}

TEST(MalformedTraceTest, StageAndCausalMustBeGivenInKnownWords) {
  EXPECT_EQ(error_after([](TraceFile& file) { file.metadata.erase("stage"); }),
            "t: metadata 'stage': is missing; allowed: prefill, decode");
  EXPECT_EQ(error_after([](TraceFile& file) { file.metadata["stage"] = "prefil"; }),
            "t: metadata 'stage': 'prefil'; allowed: prefill, decode; did you mean 'prefill'?");
  EXPECT_EQ(error_after([](TraceFile& file) { file.metadata.erase("causal"); }),
            "t: metadata 'causal': is missing; allowed: false, true");
  EXPECT_EQ(error_after([](TraceFile& file) { file.metadata["causal"] = "True"; }),
            "t: metadata 'causal': 'True'; allowed: false, true; did you mean 'true'?");
}

TEST(MalformedTraceTest, ACausalMaskNeedsAKeyForEveryQuery) {
  TraceFile file;
  file.add_layer(0, {.heads = 1, .kv_heads = 1, .n_q = 4, .n_k = 3, .d = 1});
  EXPECT_EQ(error_in(file), "") << "without a mask there may be more queries than keys";
  file.metadata["causal"] = "true";
  EXPECT_EQ(error_in(file),
            "t: tensor 'layers.0.q': 4 rows under a causal mask; allowed: at most the 3 keys");
}

TEST(MalformedTraceTest, ContextAndStepsMustFitTheRows) {
  const auto error = [](const std::string& n_ctx, const std::string& steps) {
    return error_after([&](TraceFile& file) {
      file.metadata = {{"stage", "decode"}, {"n_ctx", n_ctx}, {"steps", steps}};
    });
  };
  EXPECT_EQ(error("2", "3"), "");
  EXPECT_EQ(error("2", "4"), "t: tensor 'layers.0.q': 3 rows; allowed: 4, the metadata's steps");
  EXPECT_EQ(error("3", "3"),
            "t: tensor 'layers.0.k': 5 rows; allowed: the metadata's n_ctx 3 + steps 3");
  EXPECT_EQ(error("9223372036854775807", "3"),
            "t: tensor 'layers.0.k': 5 rows; allowed: the metadata's n_ctx 9223372036854775807 + "
            "steps 3");
  EXPECT_EQ(error("-1", "3"), "t: metadata 'n_ctx': '-1'; allowed: a whole number, at least 0");
  EXPECT_EQ(error("2", "0"), "t: metadata 'steps': '0'; allowed: a whole number, at least 1");
  EXPECT_EQ(error("2", "3 "), "t: metadata 'steps': '3 '; allowed: a whole number, at least 1");
}

TEST(MalformedTraceTest, ValuesThatAreNotFiniteAreNamedWithTheirIndex) {
  const auto error = [](float value) {
    std::vector<float> values(2 * 3 * 2);
    values[9] = value;
    TraceFile file;
    file.add("layers.0.q", {2, 3, 2}, ElementType::F32, bytes_of(values));
    return error_in(file.add("layers.0.k", {1, 3, 2}).add("layers.0.v", {1, 3, 2}));
  };
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  EXPECT_EQ(error(1), "");
  EXPECT_EQ(error(std::numeric_limits<float>::quiet_NaN()),
            "t: tensor 'layers.0.q': value NaN at [1, 1, 1]" + kValues);
  EXPECT_EQ(error(-kInfinite), "t: tensor 'layers.0.q': value -inf at [1, 1, 1]" + kValues);
}

TEST(MalformedTraceTest, ValuesThatNoMachineCanHoldNameTensorAndIndex) {
  const auto error = [](double value) {
    std::vector<double> values(12, 0x1p128);
    values[9] = value;
    TraceFile file;
    file.add("layers.0.q", {2, 3, 2}, ElementType::F64, bytes_of(values));
    return error_in(file.add("layers.0.k", {1, 3, 2}).add("layers.0.v", {1, 3, 2}));
  };
  EXPECT_EQ(error(-0x1p128), "");
  EXPECT_EQ(error(5e-324), "");
  EXPECT_EQ(error(-1e308), "t: tensor 'layers.0.q': value -1e+308 at [1, 1, 1]" + kValues);
  EXPECT_EQ(error(std::nextafter(0x1p128, 0x1p129)),
            "t: tensor 'layers.0.q': value 3.4028236692093854e+38 at [1, 1, 1]" + kValues);
}

TEST(MalformedTraceTest, AHeadThatIsTooWideIsNamed) {
  EXPECT_EQ(error_of_shapes({1, 1, 65'537}, {1, 1, 65'537}, {1, 1, 65'537}),
            "t: tensor 'layers.0.q': d is 65537; allowed: at most 65536");
  EXPECT_EQ(error_of_shapes({1, 1, 65'536}, {1, 1, 65'536}, {1, 1, 65'536}), "");
}

TEST(MalformedTraceTest, IntegersNeedAScaleThatIsANumberAboveZero) {
  TraceFile file;
  file.add_layer(0, kGrouped, ElementType::I8);
  EXPECT_EQ(error_in(file),
            "t: metadata 'layers.0.q.scale': is missing, nor is there 'scale', but the tensor is "
            "I8" +
                kScales);
  for (const std::string scale : {"0", "-1", "inf", "nan", "1e999", "1e300", "1.6e29", "1x", ""}) {
    file.metadata["scale"] = scale;
    EXPECT_EQ(error_in(file), "t: metadata 'scale': '" + scale + "'" + kScales);
  }
}

TEST(MalformedTraceTest, AScaleForFloatingPointIsRefused) {
  EXPECT_EQ(error_after([](TraceFile& file) { file.metadata.emplace("layers.0.v.scale", "1"); }),
            "t: metadata 'layers.0.v.scale': for a tensor of F16; allowed: a scale for integers "
            "only");
}

TEST(MalformedTraceTest, AFileThatIsNotThereIsTheUsersMistake) {
  EXPECT_EQ(error_of([] { return load_trace("no/such.safetensors"); }),
            "no/such.safetensors: cannot open: No such file or directory");
}

}  // namespace
}  // namespace hdp
