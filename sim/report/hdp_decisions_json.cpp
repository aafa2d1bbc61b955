// SPDX-License-Identifier: Apache-2.0
#include "report/hdp_decisions_json.hpp"

namespace hdp {
namespace {

Json to_json(const HdpHeadDecisions& head) {
  Json limits = Json::array();
  for (const auto& limit : head.head_limit) limits.push_back(or_null(limit));
  return {{"head", head.head},
          {"kv_head", head.kv_head},
          {"entries", head.entries},
          {"theta_head", head.theta_head},
          {"head_limit", std::move(limits)},
          {"head_kept", head.head_kept},
          {"blocks_existing", head.blocks_existing},
          {"blocks_pruned", head.blocks_pruned},
          {"kept_blocks_per_row_block", head.kept_blocks_per_row_block},
          {"kept_entries", head.kept_entries},
          {"keys_used", head.keys_used},
          {"empty_rows", head.empty_rows},
          {"kept_mask_sha256", head.kept_mask_sha256},
          {"block_mask_sha256", head.block_mask_sha256},
          {"theta_sha256", head.theta_sha256},
          {"s_int_sum", exact_integer(head.s_int_sum)},
          {"s_int_sum_squares", exact_integer(head.s_int_sum_squares)},
          {"score_sum", exact_integer(head.score_sum)},
          {"score_sum_squares", exact_integer(head.score_sum_squares)},
          {"score_sha256", head.score_sha256},
          {"out_norm", head.error.out_norm()},
          {"mass_kept", head.mass_kept},
          {"error",
           {{"relative_frobenius", or_null(head.error.relative_frobenius())},
            {"cosine", or_null(head.error.cosine())}}}};
}

Json to_json(const HdpLayerDecisions& layer) {
  Json json = {{"layer", layer.layer},
               {"n_q", layer.shape.n_q},
               {"n_k", layer.shape.n_k},
               {"d", layer.shape.d}};
  json.update(to_json(layer.counts));
  Json heads = Json::array();
  for (const auto& head : layer.heads) heads.push_back(to_json(head));
  json["heads"] = std::move(heads);
  return json;
}

}  // namespace

Json to_json(const HdpCounts& counts) {
  return {{"heads_total", counts.heads_total},
          {"heads_pruned", counts.heads_pruned},
          {"blocks_existing", counts.blocks_existing},
          {"blocks_pruned", counts.blocks_pruned},
          {"block_sparsity", counts.block_sparsity()},
          {"head_sparsity", counts.head_sparsity()},
          {"net_sparsity", counts.net_sparsity()},
          {"kept_entries", counts.kept_entries},
          {"empty_rows", counts.empty_rows},
          {"saturated",
           {{"q", counts.q_saturated}, {"k", counts.k_saturated}, {"v", counts.v_saturated}}}};
}

void write_decisions(const HdpDecisions& decisions, Json& result) {
  result["fraction_bits_used"] = {{"qk", decisions.formats.qk.fraction_bits},
                                  {"v", decisions.formats.v.fraction_bits}};
  result["total"] = to_json(decisions.total);
  Json layers = Json::array();
  for (const auto& layer : decisions.layers) layers.push_back(to_json(layer));
  result["layers"] = std::move(layers);
}

}  // namespace hdp
