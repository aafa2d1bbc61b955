// SPDX-License-Identifier: Apache-2.0
#include "machine/token_picker/decisions.hpp"

#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "machine/code_cases.hpp"
#include "machine/token_picker/counts_facts.hpp"
#include <hdp/base/error.hpp>
#include <hdp/prune/token_picker_decisions.hpp>

namespace hdp {
namespace {

constexpr Range kThreshold{0, 1, true};

std::vector<std::int64_t> read_chunks(const CaseSettings& object, std::int64_t key_bits) {
  std::vector<std::int64_t> chunks{4, 4, 4};
  if (const Fact* const given = object.find("chunk_bits")) {
    const auto* const list = given->as<Fact::List>();
    if (list == nullptr) refuse(object.path("chunk_bits"), "is no list", "bits of every chunk");
    chunks.clear();
    for (const Fact& bits : *list)
      chunks.push_back(integer_in(bits, {1, kCodeBits.max}, object.path("chunk_bits")));
  }
  const std::int64_t sum = std::accumulate(chunks.begin(), chunks.end(), std::int64_t{0});
  if (sum != key_bits)
    refuse(object.path("chunk_bits"), fmt::format("{} bits together", sum),
           fmt::format("k_bits, {}", key_bits));
  return chunks;
}

Facts head_facts(const TokenPickerHeadDecisions& head) {
  Facts facts{{"head", head.head}, {"kv_head", head.kv_head}, {"sigma", head.sigma}};
  facts.update(counts_facts(head.counts));
  facts.update({{"chunks_fetched_per_query", head.chunks_fetched_per_query},
                {"fetched_per_chunk", head.fetched_per_chunk},
                {"pruned_after_chunk", head.pruned_after_chunk},
                {"value_rows_per_query", head.value_rows_per_query},
                {"survivors_sha256", head.survivors_sha256},
                {"fetched_sha256", head.fetched_sha256},
                {"score_sum", head.scores.sum},
                {"score_sum_squares", head.scores.squares},
                {"out_norm", head.error.out_norm()},
                {"mass_kept", head.mass_kept},
                {"error", error_facts(head.error)}});
  return facts;
}

Facts layer_facts(const TokenPickerLayerDecisions& layer) {
  Facts facts = layer_shape_facts(layer.layer, layer.shape);
  facts.set("saturated", saturated_facts(layer.counts));
  facts.update(counts_facts(layer.counts));
  facts.set("heads", list_of(layer.heads, head_facts));
  return facts;
}

class TokenPickerCase final : public DecisionCase {
 public:
  TokenPickerCase(const Facts& given, std::optional<bool> causal, const std::string& where)
      : causal_(causal) {
    const CaseSettings object(given, where,
                              {"q_bits", "k_bits", "v_bits", "chunk_bits", "threshold", "order",
                               "q_scale", "k_scale", "v_scale"});
    read_codes(object, settings_);
    settings_.rule.chunk_bits = read_chunks(object, settings_.k_bits);
    settings_.rule.threshold = object.number("threshold", 1e-3, kThreshold);
    settings_.order = object.choice("order", ChunkOrder::BreadthFirst);
  }

  [[nodiscard]] Facts settings() const override {
    Facts facts = code_facts(settings_);
    facts.update({{"chunk_bits", settings_.rule.chunk_bits},
                  {"threshold", settings_.rule.threshold},
                  {"order", name_of(settings_.order)},
                  {"causal", causal_}});
    return facts;
  }

  [[nodiscard]] Facts decide(const Trace& trace, unsigned threads) const override {
    return decisions_facts(trace, decide_token_picker(trace, settings_, causal_, threads),
                           counts_facts, layer_facts);
  }

 private:
  TokenPickerSettings settings_;
  std::optional<bool> causal_;
};

}  // namespace

std::unique_ptr<DecisionCase> make_token_picker_case(const Facts& settings,
                                                     std::optional<bool> causal,
                                                     const std::string& where) {
  return std::make_unique<TokenPickerCase>(settings, causal, where);
}

}  // namespace hdp
