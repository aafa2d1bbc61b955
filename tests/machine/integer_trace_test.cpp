// SPDX-License-Identifier: Apache-2.0
// Tensors stored as integers are codes times scale: the same run as of the values.
#include <filesystem>
#include <random>

#include <gtest/gtest.h>

#include "support/catalog.hpp"
#include "support/tensor_file.hpp"
#include <hdp/machine/hdp/run.hpp>

namespace hdp::test {
namespace {

const LayerShape kShape{2, 1, 16, 16, 16};

/// Codes up to +-120 at 1/32, as I8 or as the values themselves.
Trace trace_of(ElementType type) {
  TraceFile file;
  if (type == ElementType::I8) file.metadata["scale"] = "0.03125";
  std::mt19937 random(5);
  for (const TensorKind kind : kTensorKinds) {
    const std::int64_t heads = kShape.stored_heads(kind);
    std::vector<std::int8_t> codes(static_cast<std::size_t>(heads * 16 * 16));
    for (auto& code : codes)
      code = static_cast<std::int8_t>(static_cast<int>(random() % 241) - 120);
    std::vector<float> values(codes.begin(), codes.end());
    for (float& value : values) value *= 0.03125F;
    file.add(tensor_name(0, kind), {heads, 16, 16}, type,
             type == ElementType::I8 ? bytes_of(codes) : bytes_of(values));
  }
  return file.trace();
}

void expect_alike(const HdpConfig& config, const Trace& a, const Trace& b) {
  const HdpResult one = run_hdp(config, a), other = run_hdp(config, b);
  EXPECT_EQ(one.cycles, other.cycles);
  EXPECT_EQ(one.formats, other.formats);
  EXPECT_EQ(one.decisions.blocks_pruned, other.decisions.blocks_pruned);
  EXPECT_EQ(one.decisions.kept_entries, other.decisions.kept_entries);
  EXPECT_EQ(one.fidelity.error.relative_frobenius(), other.fidelity.error.relative_frobenius());
  EXPECT_EQ(one.decisions.blocks_pruned > 0, config.pruning);
}

TEST(IntegerTraceTest, RunsAsItsValuesDo) {
  HdpConfig config;
  expect_alike(config, trace_of(ElementType::I8), trace_of(ElementType::F32));
  config.prune.fraction_bits = 9;
  expect_alike(config, trace_of(ElementType::I8), trace_of(ElementType::F32));
  expect_alike(without_pruning(config), trace_of(ElementType::I8), trace_of(ElementType::F32));
}

TEST(IntegerTraceTest, AMachineTakesTheFormatFromTheValues) {
  const HdpResult run = run_hdp(HdpConfig{}, trace_of(ElementType::I8));
  EXPECT_EQ(run.formats.qk.fraction_bits, 13) << "3.75 needs 3 integer bits of 16";
  EXPECT_EQ(run_hdp(without_pruning(HdpConfig{}), trace_of(ElementType::I8)).formats, run.formats);
  EXPECT_EQ(HdpSettings{}.fraction_bits, 12) << "what cases of decisions default to";
}

TEST(IntegerTraceTest, TheExamplesOfTheFaultDecideAlike) {
  const std::filesystem::path faults = std::filesystem::path(HDP_REFERENCE_DIR) / "faults";
  if (!std::filesystem::exists(faults)) GTEST_SKIP() << "no " << faults;
  const HdpConfig config = resolve_hdp(kCatalog, "hdp_edge");
  const Trace integers = load_trace(faults / "int8_with_scale.safetensors");
  expect_alike(config, integers, load_trace(faults / "int8_as_float.safetensors"));
  const HdpResult run = run_hdp(config, integers);
  EXPECT_NEAR(run.decisions.block_sparsity(), 0.648, 0.0005);
  EXPECT_NEAR(run.fidelity.error.relative_frobenius().value(), 1.205, 0.0005);
}

}  // namespace
}  // namespace hdp::test
