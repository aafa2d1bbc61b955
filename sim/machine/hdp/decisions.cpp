// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/decisions.hpp"

#include "machine/hdp/run_result.hpp"
#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/write.hpp>

namespace hdp {
namespace {

Facts facts_of(const HdpHeadEstimates& estimates) {
  const EstimateCounts& counts = estimates.counts;
  return {{"tokens", counts.entries},
          {"pruned_after", counts.pruned_after},
          {"chunks_fetched", counts.chunks_fetched()},
          {"fetched_per_chunk", counts.fetched_per_chunk},
          {"survivors", counts.survivors},
          {"survivors_sha256", estimates.survivors_sha256},
          {"chunks_sha256", estimates.chunks_sha256},
          {"empty_rows", counts.empty_rows},
          {"near_ties", counts.near_ties}};
}

Facts facts_of(const HdpHeadDecisions& head) {
  Facts facts{{"head", head.head},
              {"kv_head", head.kv_head},
              {"entries", head.entries},
              {"theta_head", head.theta_head},
              {"head_limit", head.head_limit},
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
              {"s_int_sum", head.s_int_sum},
              {"s_int_sum_squares", head.s_int_sum_squares},
              {"score_sum", head.score_sum},
              {"score_sum_squares", head.score_sum_squares},
              {"score_sha256", head.score_sha256},
              {"out_norm", head.error.out_norm()},
              {"mass_kept", head.mass_kept},
              {"error", Facts{{"relative_frobenius", head.error.relative_frobenius()},
                              {"cosine", head.error.cosine()}}}};
  if (head.estimates) facts.set("probability", facts_of(*head.estimates));
  return facts;
}

Facts facts_of(const HdpLayerDecisions& layer) {
  Facts facts{{"layer", layer.layer},
              {"n_q", layer.shape.n_q},
              {"n_k", layer.shape.n_k},
              {"d", layer.shape.d}};
  facts.update(hdp::facts_of(layer.counts));
  Fact::List heads;
  for (const auto& head : layer.heads) heads.emplace_back(facts_of(head));
  facts.set("heads", std::move(heads));
  return facts;
}

class HdpCase final : public DecisionCase {
 public:
  HdpCase(const Facts& given, std::optional<bool> causal, const std::string& where)
      : causal_(causal) {
    read_settings(settings_, facts_text(given), where);
    try {
      validate(settings_);
    } catch (const UserError& mistake) {
      throw mistake.within(where);
    }
  }

  [[nodiscard]] Facts settings() const override { return echo(settings_); }

  [[nodiscard]] Facts decide(const Trace& trace, unsigned threads) const override {
    const HdpDecisions decisions = decide_hdp(trace, settings_, causal_, threads);
    Fact::List layers;
    for (const auto& layer : decisions.layers) layers.emplace_back(facts_of(layer));
    return {{"settings", echo(in_use(decisions.formats))},
            {"causal", decisions.causal},
            {"decode", trace.stage() == Stage::Decode},
            {"fraction_bits_used", hdp::facts_of(decisions.formats)},
            {"total", hdp::facts_of(decisions.total)},
            {"layers", std::move(layers)}};
  }

 private:
  [[nodiscard]] Facts echo(const HdpSettings& settings) const {
    Facts facts = *parse_facts(write_settings(settings), "settings").as<Facts>();
    facts.set("causal", causal_);
    return facts;
  }
  /// With the chunks that the fraction bits of a trace ask for.
  [[nodiscard]] HdpSettings in_use(const HdpFormats& formats) const {
    HdpSettings settings = settings_;
    if (settings.probability)
      settings.probability->chunk_bits = fraction_chunks(settings, formats.qk.fraction_bits);
    return settings;
  }

  HdpSettings settings_;
  std::optional<bool> causal_;
};

}  // namespace

std::unique_ptr<DecisionCase> make_hdp_case(const Facts& settings, std::optional<bool> causal,
                                            const std::string& where) {
  return std::make_unique<HdpCase>(settings, causal, where);
}

}  // namespace hdp
