// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <hdp/memory/dram_run.hpp>

namespace hdp {

/// A request stream that was played on a DRAM.
struct DramReport {
  DramConfig config;
  DramFeed feed = DramFeed::Inorder;
  std::string requests;  ///< Name of the pattern or file.
  DramResult result;
};

/// Counts are integers; `last_read_cycle` is null where there was no read. Energies are in pJ.
std::string dram_json(const DramReport& report);
std::string dram_text(const DramReport& report);

}  // namespace hdp
