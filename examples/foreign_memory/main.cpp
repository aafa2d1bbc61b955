// SPDX-License-Identifier: Apache-2.0
// A machine on somebody else's memory simulator. `ToyDram` stands for Ramulator's or gem5's memory:
// replace its inside by calls of theirs. What to look after is in docs/memory.md.
#include <cstdlib>
#include <deque>
#include <exception>
#include <iostream>
#include <memory>
#include <utility>

#include <hdp/config/catalog.hpp>
#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/hdp/run.hpp>
#include <hdp/memory/memory_simulator.hpp>

namespace {

/// Eight accesses under way, each 40 cycles of 1250 ps.
class ToyDram final : public hdp::MemorySimulator {
 public:
  std::int64_t access_bytes() const override { return 64; }
  std::int64_t tck_ps() const override { return 1'250; }

  bool can_accept(std::uint64_t /*address*/, bool /*write*/) const override {
    return under_way_.size() < 8;
  }
  void send(std::uint64_t /*address*/, bool /*write*/, std::uint32_t tag, hdp::Cycle now) override {
    under_way_.emplace_back(now + hdp::Cycles{40}, tag);
  }
  void tick(hdp::Cycle now) override {
    while (!under_way_.empty() && under_way_.front().first <= now) {
      tell(under_way_.front().second, now);  // the callback
      under_way_.pop_front();
    }
  }

 private:
  std::deque<std::pair<hdp::Cycle, std::uint32_t>> under_way_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: foreign_memory CONFIGURATIONS MACHINE TRACE.safetensors\n";
    return EXIT_FAILURE;
  }
  try {
    const hdp::HdpConfig machine = hdp::resolve_hdp(hdp::Catalog({argv[1]}), argv[2]);
    const hdp::Trace trace = hdp::load_trace(argv[3]);
    hdp::PlayOptions options;
    options.memory = [] { return std::make_unique<ToyDram>(); };
    std::cout << hdp::run_hdp(machine, trace, options).cycles << " cycles on the toy DRAM, "
              << hdp::run_hdp(machine, trace).cycles << " on " << machine.memory.dram.name << '\n';
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
