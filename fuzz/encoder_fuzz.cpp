// SPDX-License-Identifier: Apache-2.0
// A file with weights and activations is read and its layers can be computed, or it is refused.
#include <algorithm>
#include <cstddef>
#include <span>

#include "mutate.hpp"
#include "targets.hpp"
#include <hdp/prune/encoder_run.hpp>
#include <hdp/workload/encoder.hpp>

namespace hdp::fuzz {
namespace {

/// Larger ones are only slow.
bool is_small(const EncoderShape& shape) {
  constexpr std::int64_t kMost = 1 << 16;
  const std::int64_t widest = std::max(shape.heads * shape.d, shape.ffn);
  return shape.layers <= 2 && shape.tokens * shape.hidden <= kMost &&
         shape.hidden * widest <= kMost && shape.tokens * shape.tokens <= kMost;
}

bool play(std::string_view input) {
  const auto bytes = std::as_bytes(std::span(input));
  return accepts([&] {
    const Encoder encoder = encoder_from_bytes({bytes.begin(), bytes.end()}, "input");
    const EncoderShape& shape = encoder.shape();
    expect(shape.heads % shape.kv_heads == 0, "heads come in groups");
    if (!is_small(shape)) return;
    // Values near the end of double may leave it in a product: then there is no trace of them.
    accepts([&] {
      const EncoderRun run = run_encoder(encoder, {.bits = {}, .kept = 1, .of = 4}, true);
      expect(run.trace.layers() == shape.layers, "a trace has a layer for each");
    });
  });
}

std::string mutate(std::string_view input, RandomStream& random) {
  return with_other_bytes(std::string(input), random);
}

}  // namespace

const Target kEncoder{"encoder", play, mutate, 5'000};

}  // namespace hdp::fuzz
