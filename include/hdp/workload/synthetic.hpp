// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include <hdp/config/field.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// A trace made of random numbers. With w, z standard normal rows, a query is
/// `spread * w + (peak * sum of z over its matches + sink * z of key 0) / (spread * sqrt(d))`, a
/// key is `spread * z` plus the outlier offsets, a value row is standard normal.
struct SyntheticConfig {
  std::string model = "bert_tiny";
  Stage stage = Stage::Prefill;
  std::int64_t n = 128;
  std::int64_t n_ctx = 256;
  std::int64_t steps = 16;
  std::optional<std::int64_t> layers{};
  std::optional<std::int64_t> heads{};
  std::int64_t seed = 1;
  double spread = 1.0;
  double peak = 4.0;
  std::int64_t matches = 2;
  double sink = 1.0;
  std::int64_t outliers = 1;

  static constexpr auto kFields = std::tuple{
      Field{&SyntheticConfig::model, "model", "", "Model whose heads, head size and mask to take."},
      Field{&SyntheticConfig::stage, "stage", "",
            "All queries at once (prefill), or one for each generated token (decode)."},
      Field{&SyntheticConfig::n, "n", "tokens", "Queries and keys in prefill.", Range{1, 1 << 20}},
      Field{&SyntheticConfig::n_ctx, "n_ctx", "tokens", "Keys before the first step in decode.",
            Range{0, 1 << 20}},
      Field{&SyntheticConfig::steps, "steps", "tokens", "Generated tokens in decode.",
            Range{1, 1 << 20}},
      Field{&SyntheticConfig::layers, "layers", "layers", "Layers; auto takes the model's.",
            Range{1, 1024}},
      Field{&SyntheticConfig::heads, "heads", "heads",
            "Query heads, a multiple of the query heads that share a kv head; auto takes the "
            "model's.",
            Range{1, 1024}},
      Field{&SyntheticConfig::seed, "seed", "", "Seed of all random streams.",
            Range{0, 9007199254740992.0}},
      Field{&SyntheticConfig::spread, "spread", "", "Standard deviation of Q and K.",
            Range{0.1, 16}},
      Field{&SyntheticConfig::peak, "peak", "",
            "What a match adds, on average, to the score q.k / sqrt(d) of a query with a key.",
            Range{0, 100}},
      Field{&SyntheticConfig::matches, "matches", "keys",
            "Keys that a query matches, drawn from those it sees; one drawn twice counts twice.",
            Range{0, 16}},
      Field{&SyntheticConfig::sink, "sink", "",
            "What key 0 gains, on average, in the score of every query: an attention sink.",
            Range{0, 100}},
      Field{&SyntheticConfig::outliers, "outliers", "channels",
            "Channels of each K head that hold a constant offset of 10 or -10 in every row.",
            Range{0, 64}},
  };
};

/// F16 tensors with the same bytes on every machine. Every tensor head draws from a stream of its
/// own, so that a change of n, layers or heads leaves the streams of the others as they are.
/// UserError for a value out of its range, and for more than 4 GiB of tensors.
Trace make_synthetic(const SyntheticConfig& config);

/// What that trace is called, such as synthetic_bert_tiny_n128.
std::string synthetic_name(const SyntheticConfig& config);

}  // namespace hdp
