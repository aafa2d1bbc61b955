// SPDX-License-Identifier: Apache-2.0
// What a program that links hdp::core and hdp::sim looks like: a machine file and a trace in,
// cycles out.
#include <cstdlib>
#include <exception>
#include <iostream>

#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/config/read.hpp>
#include <hdp/machine/run.hpp>
#include <hdp/workload/trace.hpp>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: consumer MACHINE.json TRACE.safetensors\n";
    return EXIT_FAILURE;
  }
  try {
    hdp::HdpConfig machine;
    hdp::read_settings(machine, hdp::read_text(argv[1]), argv[1]);
    machine.prune.importance = hdp::Importance::Signed;
    const hdp::Trace trace = hdp::load_trace(argv[2]);
    const hdp::RunResult with = hdp::run(machine, trace);
    const hdp::RunResult without = hdp::run(hdp::without_pruning(machine), trace);
    std::cout << with.cycles << " cycles, " << without.cycles << " without pruning, mass kept "
              << with.fidelity.mass_kept() << '\n';
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
