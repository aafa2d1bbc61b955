// SPDX-License-Identifier: Apache-2.0
#include "report/spatten_decisions_json.hpp"

namespace hdp {
namespace {

Json saturated_json(const SpattenCounts& counts) {
  return {{"q", counts.q_saturated}, {"k", counts.k_saturated}, {"v", counts.v_saturated}};
}

Json counts_json(const SpattenCounts& counts) {
  return {{"entries", counts.entries},
          {"lsb_rows", counts.lsb_rows},
          {"values_kept", counts.values_kept},
          {"near_ties", counts.near_ties},
          {"out_saturated", counts.out_saturated}};
}

Json head_json(const SpattenHeadDecisions& head) {
  Json json = {{"head", head.head}, {"kv_head", head.kv_head}, {"live", head.live}};
  json.update(counts_json(head.counts));
  json.update({{"value_rows_used", head.value_rows_used},
               {"lsb_rows_sha256", head.lsb_rows_sha256},
               {"values_kept_sha256", head.values_kept_sha256},
               {"p_sha256", head.p_sha256},
               {"out_sha256", head.out_sha256},
               {"score_sum", exact_integer(head.scores.sum)},
               {"score_sum_squares", exact_integer(head.scores.squares)},
               {"p_sum", exact_integer(head.p.sum)},
               {"p_sum_squares", exact_integer(head.p.squares)},
               {"out_sum", exact_integer(head.out.sum)},
               {"out_sum_squares", exact_integer(head.out.squares)},
               {"out_abs_sum", exact_integer(head.out_abs_sum)},
               {"error",
                {{"relative_frobenius", or_null(head.error.relative_frobenius())},
                 {"cosine", or_null(head.error.cosine())}}}});
  return json;
}

Json layer_json(const SpattenLayerDecisions& layer) {
  Json json = {{"layer", layer.layer},
               {"n_q", layer.shape.n_q},
               {"n_k", layer.shape.n_k},
               {"d", layer.shape.d},
               {"saturated", saturated_json(layer.counts)}};
  json.update(counts_json(layer.counts));
  json.update({{"live_tokens", layer.live_tokens},
               {"kept_tokens", layer.kept_tokens},
               {"tokens_live_sha256", layer.tokens_live_sha256},
               {"tokens_kept_sha256", layer.tokens_kept_sha256},
               {"token_importance_sha256", layer.token_importance_sha256},
               {"last_tokens_live", layer.last_tokens_live},
               {"last_tokens_kept", layer.last_tokens_kept},
               {"last_token_importance", layer.last_token_importance},
               {"heads_kept", layer.heads_kept},
               {"head_importance", layer.head_importance},
               {"token_cut_margin", or_null(layer.token_cut_margin)},
               {"head_cut_margin", or_null(layer.head_cut_margin)}});
  Json heads = Json::array();
  for (const auto& head : layer.heads) heads.push_back(head_json(head));
  json["heads"] = std::move(heads);
  return json;
}

}  // namespace

void write_decisions(const SpattenDecisions& decisions, const Trace& trace, Json& result) {
  result["causal"] = decisions.causal;
  result["decode"] = trace.stage() == Stage::Decode;
  result["total"] = counts_json(decisions.total);
  result["total"]["saturated"] = saturated_json(decisions.total);
  Json layers = Json::array();
  for (const auto& layer : decisions.layers) layers.push_back(layer_json(layer));
  result["layers"] = std::move(layers);
}

}  // namespace hdp
