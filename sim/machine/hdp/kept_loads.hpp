// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "machine/hdp/kept_blocks.hpp"
#include "machine/hdp/load_list.hpp"
#include "machine/hdp/strips.hpp"
#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/hdp/lowering.hpp>

namespace hdp {

/// Fetch upon mask: the rows that a strip's kept blocks need and that are not in SRAM yet. Where a
/// tensor stays resident a row is fetched once for the head; else once for the strip; without
/// reuse once for every row of blocks. Scratch is kept.
class KeptLoads {
 public:
  explicit KeptLoads(const HdpConfig& config) : config_(config) {}

  void begin_head(const Layout& layout, std::int64_t head, const HdpPlan& plan);
  /// Adds the loads of one strip; they may be asked for once `after` strips are done.
  void add(const Strip& strip, const KeptBlocks& kept, std::int64_t after, StripWork& strip_work,
           HeadWork& work);

 private:
  void key_rows(const KeptBlocks& kept, bool resident, std::vector<bool>& fetched, LoadList& loads);
  void visible_rows(const Strip& strip, LoadList& loads);
  [[nodiscard]] std::int64_t keys_end(std::int64_t row_block, std::int64_t block) const;

  const HdpConfig& config_;
  const Layout* layout_ = nullptr;
  const HdpPlan* plan_ = nullptr;
  std::int64_t head_ = 0, kv_head_ = 0;
  std::int64_t zero_masked_resident_ = 0;  ///< V rows in SRAM under `masked: zero`.
  std::vector<bool> k_int_fetched_, k_frac_fetched_, v_fetched_;
};

}  // namespace hdp
