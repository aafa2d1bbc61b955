// SPDX-License-Identifier: Apache-2.0
// A trace file is read and its values can be summed up, or it is refused.
#include <cstddef>
#include <span>

#include "mutate.hpp"
#include "targets.hpp"
#include "tiny_trace.hpp"
#include <hdp/workload/inspect.hpp>

namespace hdp::fuzz {
namespace {

bool play(std::string_view input) {
  const auto bytes = std::as_bytes(std::span(input));
  accepts([&] { (void)tensor_rows(Safetensors::parse(bytes, "input")); });
  return accepts([&] {
    const Trace trace = trace_from_bytes({bytes.begin(), bytes.end()}, "input");
    for (const KindSummary& kind : summarise(trace))
      for (const double share : kind.share_beyond)
        expect(share >= 0 && share <= 1, "a share is between 0 and 1");
  });
}

/// The bytes of another tiny trace, or a few bytes of this one.
std::string mutate(std::string_view input, RandomStream& random) {
  if (!one_in(random, 4)) return with_other_bytes(std::string(input), random);
  const Facts drawn =
      with_setting(with_setting({}, tiny_trace_schema(), random), tiny_trace_schema(), random);
  std::string bytes(input);
  accepts([&] { bytes = tiny_trace_bytes(drawn); });
  return bytes;
}

}  // namespace

const Target kSafetensors{"safetensors", play, mutate, 50'000};

}  // namespace hdp::fuzz
