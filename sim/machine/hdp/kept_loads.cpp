// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/kept_loads.hpp"

#include <algorithm>

namespace hdp {

void KeptLoads::begin_head(const Layout& layout, std::int64_t head, const HdpPlan& plan) {
  layout_ = &layout;
  plan_ = &plan;
  head_ = head;
  kv_head_ = head / (layout.shape.heads / layout.shape.kv_heads);
  zero_masked_resident_ = 0;
  const auto keys = static_cast<std::size_t>(plan.problem.keys);
  for (auto* fetched : {&k_int_fetched_, &k_frac_fetched_, &v_fetched_})
    fetched->assign(keys, false);
}

std::int64_t KeptLoads::keys_end(std::int64_t row_block, std::int64_t block) const {
  const std::int64_t b = plan_->block_size;
  const std::int64_t last = std::min(plan_->problem.queries, (row_block + 1) * b) - 1;
  return std::min(plan_->problem.visible(last), (block + 1) * b);
}

void KeptLoads::key_rows(const KeptBlocks& kept, bool resident, std::vector<bool>& fetched,
                         LoadList& loads) {
  const bool reuse = config_.core.fetch.reuse;
  if (!resident) fetched.assign(fetched.size(), false);
  for (std::int64_t i = 0; i < kept.row_blocks(); ++i) {
    if (!reuse) fetched.assign(fetched.size(), false);
    for (const std::int64_t block : kept.row(i)) {
      const std::int64_t end = keys_end(kept.first_row_block() + i, block);
      for (std::int64_t key = block * plan_->block_size; key < end; ++key) {
        if (fetched[static_cast<std::size_t>(key)]) continue;
        fetched[static_cast<std::size_t>(key)] = true;
        loads.rows(key, 1);
      }
    }
  }
}

void KeptLoads::visible_rows(const Strip& strip, LoadList& loads) {
  loads.rows(zero_masked_resident_, strip.visible - zero_masked_resident_);
  if (layout_->v_resident && config_.core.fetch.reuse) zero_masked_resident_ = strip.visible;
}

void KeptLoads::add(const Strip& strip, const KeptBlocks& kept, std::int64_t after,
                    StripWork& strip_work, HeadWork& work) {
  const Layout& layout = *layout_;
  const LayerShape& shape = layout.shape;
  const auto rows_of = [](std::uint64_t tensor, std::int64_t first_row, std::int64_t bytes) {
    return tensor + static_cast<std::uint64_t>(first_row * bytes);
  };
  LoadList loads(work, work.kept_loads);
  const std::int64_t q_row = head_ * shape.n_q, k_row = kv_head_ * shape.n_k;
  const std::int64_t int_bytes = layout.integer_row_bytes, frac_bytes = layout.fraction_row_bytes;
  const bool needs_fractions = frac_bytes != 0;
  const bool needs_integers = needs_fractions || !layout.keep_scores;
  const auto query_rows = [&] { loads.rows(plan_->problem.first_query + strip.top, strip.height); };
  if (needs_integers && !layout.q_int_resident) {
    loads.open(Tensor::QInt, Buffer::Q, rows_of(layout.q_int, q_row, int_bytes), int_bytes, after);
    query_rows();
  }
  if (needs_fractions) {
    loads.open(Tensor::QFrac, Buffer::Q, rows_of(layout.q_frac, q_row, frac_bytes), frac_bytes,
               after);
    query_rows();
  }
  if (needs_integers && !layout.k_int_resident) {
    loads.open(Tensor::KInt, Buffer::K, rows_of(layout.k_int, k_row, int_bytes), int_bytes, after);
    key_rows(kept, false, k_int_fetched_, loads);
  }
  if (needs_fractions) {
    loads.open(Tensor::KFrac, Buffer::K, rows_of(layout.k_frac, k_row, frac_bytes), frac_bytes,
               after);
    key_rows(kept, layout.k_frac_resident, k_frac_fetched_, loads);
  }
  strip_work.fraction_loads = loads.count();
  loads.open(Tensor::V, Buffer::V, rows_of(layout.v, k_row, layout.word_row_bytes),
             layout.word_row_bytes, after);
  if (config_.prune.masked == Masked::Zero)
    visible_rows(strip, loads);
  else
    key_rows(kept, layout.v_resident, v_fetched_, loads);
  strip_work.value_loads = loads.count();
}

}  // namespace hdp
