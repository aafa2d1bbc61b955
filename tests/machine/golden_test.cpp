// SPDX-License-Identifier: Apache-2.0
// Cycles of the machines that come with the software on a real workload. A change here is a change
// of results: say why in CHANGELOG.md.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/catalog.hpp"
#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/hdp/run.hpp>
#include <hdp/machine/spatten/run.hpp>

namespace hdp {
namespace {

using test::kCatalog;
using test::kConfigs;

struct Golden {
  const char* machine;
  const char* memory;  ///< "" is the one that the machine comes with.
  Precision precision;
  std::int64_t pruned, dense;  ///< Cycles with pruning and without.
};

class GoldenCyclesTest : public testing::TestWithParam<Golden> {};

TEST_P(GoldenCyclesTest, MinilmStateOfTheUnion) {
  const Golden& golden = GetParam();
  const Trace trace = load_trace(kConfigs + "/workloads/minilm_sotu_n64.safetensors");
  std::vector<std::string> changes;
  if (*golden.memory != 0) changes.push_back(std::string("memory.model=") + golden.memory);
  HdpConfig config = resolve_hdp(kCatalog, golden.machine, changes);
  config.core.pe_array.precision = golden.precision;
  const PlayOptions options{.fidelity = false, .threads = 2};
  EXPECT_EQ(run_hdp(config, trace, options).cycles, golden.pruned);
  EXPECT_EQ(run_hdp(without_pruning(config), trace, options).cycles, golden.dense);
}

constexpr auto kUniform = Precision::Uniform, kFused = Precision::Fused, kSplit = Precision::Split;

INSTANTIATE_TEST_SUITE_P(Machines, GoldenCyclesTest,
                         testing::Values(Golden{"hdp_edge", "ideal", kUniform, 162'147, 150'720},
                                         Golden{"hdp_edge", "ideal", kFused, 132'541, 150'720},
                                         Golden{"hdp_edge", "ideal", kSplit, 61'568, 150'720},
                                         Golden{"hdp_server", "ideal", kUniform, 9'721, 8'778},
                                         Golden{"hdp_server", "ideal", kFused, 8'190, 8'778},
                                         Golden{"hdp_server", "ideal", kSplit, 7'109, 8'778},
                                         Golden{"dense", "ideal", kUniform, 8'778, 8'778},
                                         Golden{"hdp_edge", "", kUniform, 161'089, 150'118},
                                         Golden{"hdp_edge", "", kSplit, 63'911, 150'118},
                                         Golden{"hdp_edge", "lpddr4_3200", kSplit, 106'539,
                                                152'680},
                                         Golden{"hdp_server", "", kUniform, 10'087, 8'230},
                                         Golden{"hdp_server", "", kSplit, 7'489, 8'230},
                                         Golden{"dense", "", kUniform, 8'230, 8'230}),
                         [](const auto& instance) {
                           return std::string(instance.param.machine) + "_" +
                                  instance.param.memory + "_" +
                                  std::string(name_of(instance.param.precision));
                         });

TEST(GoldenSpattenTest, MinilmStateOfTheUnion) {
  const Trace trace = load_trace(kConfigs + "/workloads/minilm_sotu_n64.safetensors");
  const auto cycles = [&](const SpattenConfig& config) {
    return run_spatten(config, trace, {.fidelity = false, .threads = 2}).cycles;
  };
  const SpattenConfig full = resolve_spatten(kCatalog, "spatten");
  EXPECT_EQ(cycles(full), 29'142);
  EXPECT_EQ(cycles(without_pruning(full)), 37'055);
  const SpattenConfig eighth = resolve_spatten(kCatalog, "spatten_eighth");
  EXPECT_EQ(cycles(eighth), 199'800);
  EXPECT_EQ(cycles(without_pruning(eighth)), 295'317);
}

TEST(GoldenCascadeTest, MinilmStateOfTheUnion) {
  const Trace trace = load_trace(kConfigs + "/workloads/minilm_sotu_n64.safetensors");
  const HdpConfig config =
      resolve_hdp(kCatalog, "hdp_edge", {"cascade.token.keep=linear", "cascade.head.keep=linear"});
  EXPECT_EQ(run_hdp(config, trace, {.fidelity = false, .threads = 2}).cycles, 108'294);
}

}  // namespace
}  // namespace hdp
