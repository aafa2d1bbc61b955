// SPDX-License-Identifier: Apache-2.0
// The test that the recipe of an accelerator asks for; recipe_test.py places and runs it.
#include <gtest/gtest.h>

#include "machine/traces.hpp"
#include <hdp/machine/toy/kind.hpp>

namespace hdp::test {
namespace {

// Two heads: each loads 8 queries, 4 keys and 4 values of 16 elements in 32 cycles, and computes
// 8 x 4 products of 16 elements twice, a product of query and keys a cycle.
constexpr LayerShape kShape{2, 2, 8, 8, 16};
constexpr std::int64_t kCycles = 2 * (32 + 8 * 2);

TEST(ToyMachineTest, HasTheCyclesOfTheFormulaHoweverARunIsCut) {
  const Workload workload(random_trace(kShape, Stage::Prefill, false, 1, 1));
  const auto machine =
      toy::toy_kind().read(Catalog({}), {.parts = {{"toy.json", "{}"}}}, {"buffer_bytes=256"});
  EXPECT_EQ(play(*machine, workload).cycles, kCycles);
  for (const std::int64_t step : {1, 7, 50}) {
    const PlayOptions options;
    const auto session = machine->start(workload, options);
    while (!session->done()) session->run_until(session->now() + Cycles{step});
    EXPECT_EQ(session->result().cycles, kCycles);
  }
}

}  // namespace
}  // namespace hdp::test
