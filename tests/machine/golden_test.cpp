// SPDX-License-Identifier: Apache-2.0
// Cycles of the machines that come with the software on a real workload. A change here is a change
// of results: say why in CHANGELOG.md.
#include <string>

#include <gtest/gtest.h>

#include <hdp/base/file.hpp>
#include <hdp/config/read.hpp>
#include <hdp/machine/run.hpp>

namespace hdp {
namespace {

const std::string kConfigs = std::string(HDP_SOURCE_DIR) + "/configs";

HdpConfig machine_named(const std::string& name) {
  HdpConfig config;
  const std::string path = kConfigs + "/machines/" + name + ".json";
  read_settings(config, read_text(path), path);
  return config;
}

struct Golden {
  const char* machine;
  Precision precision;
  std::int64_t pruned, dense;  ///< Cycles with pruning and without.
};

class GoldenCyclesTest : public testing::TestWithParam<Golden> {};

TEST_P(GoldenCyclesTest, MinilmStateOfTheUnion) {
  const Golden& golden = GetParam();
  const Trace trace = load_trace(kConfigs + "/workloads/minilm_sotu_n64.safetensors");
  HdpConfig config = machine_named(golden.machine);
  config.core.pe_array.precision = golden.precision;
  const RunOptions options{.fidelity = false, .threads = 2};
  EXPECT_EQ(run(config, trace, options).cycles, golden.pruned);
  EXPECT_EQ(run(without_pruning(config), trace, options).cycles, golden.dense);
}

INSTANTIATE_TEST_SUITE_P(Machines, GoldenCyclesTest,
                         testing::Values(Golden{"hdp_edge", Precision::Uniform, 162'786, 151'104},
                                         Golden{"hdp_edge", Precision::Fused, 133'534, 151'104},
                                         Golden{"hdp_edge", Precision::Split, 74'991, 151'104},
                                         Golden{"hdp_server", Precision::Uniform, 12'669, 9'162},
                                         Golden{"hdp_server", Precision::Fused, 10'852, 9'162},
                                         Golden{"hdp_server", Precision::Split, 9'396, 9'162},
                                         Golden{"dense", Precision::Uniform, 9'162, 9'162}),
                         [](const auto& instance) {
                           return std::string(instance.param.machine) + "_" +
                                  std::string(name_of(instance.param.precision));
                         });

}  // namespace
}  // namespace hdp
