// SPDX-License-Identifier: Apache-2.0
// Settings of a synthetic trace: a trace follows, the same one every time.
#include <algorithm>

#include "mutate.hpp"
#include "settings_file.hpp"
#include "targets.hpp"
#include <hdp/workload/inspect.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp::fuzz {
namespace {

constexpr std::int64_t kMost = 6;

bool play(std::string_view input) {
  SyntheticConfig config;
  if (!reads(input, config)) return false;
  // Large ones are only slow.
  config.n = std::min(config.n, kMost);
  config.n_ctx = std::min(config.n_ctx, kMost);
  config.steps = std::min(config.steps, kMost);
  config.layers = std::min(config.layers.value_or(1), std::int64_t{2});
  if (config.heads) config.heads = std::min(*config.heads, 3 * kMost);
  return accepts([&] {
    const Trace trace = make_synthetic(config);
    (void)summarise(trace);
    expect(make_synthetic(config).sha256() == trace.sha256(), "the same settings, the same trace");
  });
}

std::string mutate(std::string_view input, RandomStream& random) {
  return mutate_document(input, schema_of("workload"), random);
}

}  // namespace

const Target kSynthetic{"synthetic", play, mutate, 2'000};

}  // namespace hdp::fuzz
