// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/workload/batch.hpp>

namespace hdp {
namespace {

std::string stage_text(const Trace& trace) {
  const bool open = trace.stage() == Stage::Prefill && !trace.causal();
  return fmt::format("{}{}", name_of(trace.stage()), open ? ", not causal" : "");
}

std::string heads_text(const LayerShape& shape) {
  return fmt::format("{} heads on {} kv heads of d {}", shape.heads, shape.kv_heads, shape.d);
}

/// Sequences of a batch go through one model at a time.
void check_like(const Trace& first, const Trace& other) {
  const auto check = [](const std::string& wanted, const std::string& found) {
    if (found == wanted) return;
    throw UserError({.problem = found, .allowed = fmt::format("{} as sequence 0", wanted)});
  };
  check(stage_text(first), stage_text(other));
  check(fmt::format("{} layers", first.layers()), fmt::format("{} layers", other.layers()));
  for (std::int64_t layer = 0; layer < first.layers(); ++layer) {
    const auto text = [&](const Trace& trace) {
      return fmt::format("layer {} has {}", layer, heads_text(trace.shape(layer)));
    };
    check(text(first), text(other));
  }
}

}  // namespace

Batch make_batch(std::string name, std::vector<Trace> sequences) {
  if (sequences.empty()) refuse(name, "a batch of no sequence", "one or more");
  std::string digests;
  for (std::size_t s = 0; s < sequences.size(); ++s) {
    try {
      check_like(sequences.front(), sequences[s]);
    } catch (const UserError& mistake) {
      throw mistake.within(fmt::format("{}: /batch/{}", name, s));
    }
    digests += sequences[s].sha256() + '\n';
  }
  return {std::move(name), sha256_hex(digests), std::move(sequences)};
}

}  // namespace hdp
