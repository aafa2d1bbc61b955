// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include <hdp/config/field.hpp>
#include <hdp/workload/spatten_workload.hpp>

namespace hdp {

/// A workload file made from a model's shape and schedules of what is kept. A schedule is a text
/// with a share for each layer, or one for all: "0.9, 0.7, 0.2x4, 0.1x6"; "0.9..0.3x10" are ten
/// layers from 0.9 to 0.3 in equal steps. Shares have at most six decimals.
struct SpattenGeneratorConfig {
  SpattenFormat format = SpattenFormat::Generation;
  std::string model = "gpt2";
  std::optional<std::int64_t> layers{};
  std::optional<std::int64_t> heads{};
  std::optional<std::int64_t> head_size{};
  std::int64_t prompt = 992;
  std::int64_t generated = 32;
  std::string keep = "1";
  std::string head_keep = "1";
  std::string value_keep = "1";
  std::optional<std::int64_t> key_bits{};
  std::optional<std::int64_t> value_bits{};
  std::optional<std::int64_t> query_bits{};
  double requantise_threshold = 0;
  std::int64_t requantise_bits = 4;
  std::string requantise_share = "0";
  std::optional<std::int64_t> rescale_from{};
  bool pruned_queries = true;
  std::int64_t seed = 1;
  std::string trailer = "generated";

  static constexpr auto kFields = std::tuple{
      Field{&SpattenGeneratorConfig::format, "format", "",
            "A row for each generated token, layer and head, or for each layer and head of a "
            "prefill."},
      Field{&SpattenGeneratorConfig::model, "model", "",
            "Model whose layers, heads and head size to take."},
      Field{&SpattenGeneratorConfig::layers, "layers", "layers", "Layers; auto takes the model's.",
            Range{1, 1024}},
      Field{&SpattenGeneratorConfig::heads, "heads", "heads", "Heads; auto takes the model's.",
            Range{1, 1024}},
      Field{&SpattenGeneratorConfig::head_size, "head_size", "elements",
            "Elements of a vector; auto takes the model's.", Range{1, 4096}},
      Field{&SpattenGeneratorConfig::prompt, "prompt", "tokens", "Tokens of the prompt.",
            Range{1, 1 << 19}},
      Field{&SpattenGeneratorConfig::generated, "generated", "tokens",
            "Tokens that are generated; without meaning in prefill.", Range{1, 1 << 19}},
      Field{&SpattenGeneratorConfig::keep, "keep", "",
            "Share of the tokens that each layer keeps, never growing: of prompt and generated "
            "tokens together, in prefill of the prompt. The first generated token sees all."},
      Field{&SpattenGeneratorConfig::head_keep, "head_keep", "",
            "Share of the heads that each layer keeps, never growing."},
      Field{&SpattenGeneratorConfig::value_keep, "value_keep", "",
            "Share of a layer's kept tokens whose values are fetched; 1 in prefill."},
      Field{&SpattenGeneratorConfig::key_bits, "key_bits", "bits",
            "Bits of a key element; auto: the file names none (-1).", Range{1, 16}},
      Field{&SpattenGeneratorConfig::value_bits, "value_bits", "bits",
            "Bits of a value element; auto: the file names none (-1).", Range{1, 16}},
      Field{&SpattenGeneratorConfig::query_bits, "query_bits", "bits",
            "Bits of a query element; auto: the file names none (-1).", Range{1, 16}},
      Field{&SpattenGeneratorConfig::requantise_threshold, "requantise_threshold", "",
            "Largest probability below which a row fetches its LSBs; 0: no progressive "
            "quantisation.",
            Range{0, 1}},
      Field{&SpattenGeneratorConfig::requantise_bits, "requantise_bits", "bits",
            "LSBs of an element, with a threshold.", Range{1, 16}},
      Field{&SpattenGeneratorConfig::requantise_share, "requantise_share", "",
            "Share of each layer's rows that re-quantise, drawn row by row; needs a threshold."},
      Field{&SpattenGeneratorConfig::rescale_from, "rescale_from", "",
            "First iteration whose last row rescales the importance; auto: none does.",
            Range{0, 1 << 19}},
      Field{&SpattenGeneratorConfig::pruned_queries, "pruned_queries", "",
            "In prefill a pruned token asks no query either."},
      Field{&SpattenGeneratorConfig::seed, "seed", "", "Seed of all random streams.",
            Range{0, 9007199254740992.0}},
      Field{&SpattenGeneratorConfig::trailer, "trailer", "",
            "What the last line says; empty: there is no such line."},
  };
};

/// The rows that follow from the settings, the same on every machine. Counts are rounded down, but
/// never to nothing. Every row draws from a stream of its own, so that a change of the model's
/// shape leaves the others as they are. UserError for a value out of its range, for schedules that
/// grow, and for more than kMostSpattenRows rows.
SpattenWorkload make_spatten_workload(const SpattenGeneratorConfig& config);

}  // namespace hdp
