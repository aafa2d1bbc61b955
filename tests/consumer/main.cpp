// SPDX-License-Identifier: Apache-2.0
// What a program that links hdp::core and hdp::sim looks like: a machine file and a trace in,
// cycles out.
#include <cstdlib>
#include <exception>
#include <iostream>

#include <hdp/config/catalog.hpp>
#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/hdp/run.hpp>
#include <hdp/workload/trace.hpp>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: consumer CONFIGURATIONS MACHINE TRACE.safetensors\n";
    return EXIT_FAILURE;
  }
  try {
    const hdp::Catalog configurations({argv[1]});
    const hdp::HdpConfig machine =
        hdp::resolve_hdp(configurations, argv[2], {"prune.importance=signed"});
    const hdp::Trace trace = hdp::load_trace(argv[3]);
    const hdp::HdpResult with = hdp::run_hdp(machine, trace);
    const hdp::HdpResult without = hdp::run_hdp(hdp::without_pruning(machine), trace);
    std::cout << with.cycles << " cycles, " << without.cycles << " without pruning, mass kept "
              << with.fidelity.mass_kept() << '\n';
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
