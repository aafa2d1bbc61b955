// SPDX-License-Identifier: Apache-2.0
#include "workload/spatten_columns.hpp"

#include <array>

namespace hdp::detail {
namespace {

using Row = SpattenRow;

constexpr std::int64_t kMostTokens = 1 << 20;
constexpr std::int64_t kMostUnits = 1024;  // layers, heads
constexpr std::int64_t kMostHeadSize = 4096;
constexpr std::int64_t kMostBits = 16;

constexpr IntegerCell bits(std::int64_t Row::*member) { return {member, 1, kMostBits, true}; }
constexpr IntegerCell tokens(std::int64_t Row::*member) { return {member, 1, kMostTokens}; }

constexpr std::array kGeneration{
    SpattenColumn{"iteration_id", IntegerCell{&Row::iteration, 0, kMostTokens - 1}},
    SpattenColumn{"layer_id", IntegerCell{&Row::layer, 0, kMostUnits - 1}},
    SpattenColumn{"head_id", IntegerCell{&Row::head, 0, kMostUnits - 1}},
    SpattenColumn{"embedding_length_D",
                  IntegerCell{&Row::head_size, 1, kMostHeadSize, false, true}},
    SpattenColumn{"sentence_length_L", tokens(&Row::sentence_length)},
    SpattenColumn{"key_fetch_num", tokens(&Row::key_fetch)},
    SpattenColumn{"quant_key_bit", bits(&Row::key_bits)},
    SpattenColumn{"quant_query_bit", bits(&Row::query_bits)},
    SpattenColumn{"auto_requant_thres", ProbabilityCell{&Row::requantise_threshold}},
    SpattenColumn{"if_requant", FlagCell{&Row::requantise}},
    SpattenColumn{"auto_requant_incre", IntegerCell{&Row::requantise_bits, 0, kMostBits, true}},
    SpattenColumn{"value_fetch_num", tokens(&Row::value_fetch)},
    SpattenColumn{"quant_value_bit", bits(&Row::value_bits)},
    SpattenColumn{"if_accumulate_importance", FlagCell{&Row::accumulates_importance}},
    SpattenColumn{"if_rescale_previous_importance", FlagCell{&Row::rescales_importance}},
    SpattenColumn{"if_topk", FlagCell{&Row::top_k}},
    SpattenColumn{"topk", IntegerCell{&Row::top_k_kept, 0, kMostTokens, true}},
};

constexpr std::array kPrefill{
    SpattenColumn{"layer_id", IntegerCell{&Row::layer, 0, kMostUnits - 1}},
    SpattenColumn{"head_id", IntegerCell{&Row::head, 0, kMostUnits - 1}},
    SpattenColumn{"embedding_length_D",
                  IntegerCell{&Row::head_size, 1, kMostHeadSize, false, true}},
    SpattenColumn{"sentence_length_L", tokens(&Row::sentence_length)},
    SpattenColumn{"key_value_query_fetch_num", tokens(&Row::key_fetch)},
    SpattenColumn{"quant_key_bit", bits(&Row::key_bits)},
    SpattenColumn{"quant_value_bit", bits(&Row::value_bits)},
    SpattenColumn{"quant_query_bit", bits(&Row::query_bits)},
    SpattenColumn{"auto_requant_thres", ProbabilityCell{&Row::requantise_threshold}},
    SpattenColumn{"if_requant", FlagCell{&Row::requantise}},
    SpattenColumn{"auto_requant_incre", IntegerCell{&Row::requantise_bits, 0, kMostBits, true}},
    SpattenColumn{"auto_requant_num", IntegerCell{&Row::requantise_rows, 0, kMostTokens, true}},
    SpattenColumn{"if_accumulate_importance", FlagCell{&Row::accumulates_importance}},
    SpattenColumn{"if_topk", FlagCell{&Row::top_k}},
    SpattenColumn{"topk", IntegerCell{&Row::top_k_kept, 0, kMostTokens, true}},
};

}  // namespace

std::span<const SpattenColumn> columns_of(SpattenFormat format) {
  if (format == SpattenFormat::Prefill) return kPrefill;
  return kGeneration;
}

}  // namespace hdp::detail
