// SPDX-License-Identifier: Apache-2.0
// Settings of generated rows, schedules among them: rows follow that a file can hold.
#include <algorithm>

#include "mutate.hpp"
#include "settings_file.hpp"
#include "targets.hpp"
#include <hdp/workload/spatten_generator.hpp>
#include <hdp/workload/spatten_traffic.hpp>

namespace hdp::fuzz {
namespace {

constexpr std::int64_t kMost = 6;

bool play(std::string_view input) {
  SpattenGeneratorConfig config;
  if (!reads(input, config)) return false;
  // Many rows are only slow.
  config.generated = std::min(config.generated, kMost);
  if (config.layers) config.layers = std::min(*config.layers, 4 * kMost);
  if (config.heads) config.heads = std::min(*config.heads, kMost);
  return accepts([&] {
    const SpattenWorkload made = make_spatten_workload(config);
    const SpattenWorkload back = parse_spatten_workload(write_spatten_workload(made), "written");
    expect(back.rows == made.rows, "generated rows write and read back");
    (void)rtl_traffic(made.rows);
  });
}

std::string mutate(std::string_view input, RandomStream& random) {
  return mutate_document(input, schema_of("spatten_workload"), random);
}

}  // namespace

const Target kGenerator{"generator", play, mutate, 5'000};

}  // namespace hdp::fuzz
