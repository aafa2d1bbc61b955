// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/workload/trace.hpp>

namespace hdp {

/// Sequences side by side, as a serving system keeps them: each has keys and values of its own.
struct Batch {
  std::string name;
  std::string sha256;            ///< Of their digests in hex, a line each.
  std::vector<Trace> sequences;  ///< Of one model and one stage; contexts and steps may differ.
};

/// UserError for none, and for sequences that differ in stage, mask, layers, heads or d; `name`
/// also stands for the path in messages.
Batch make_batch(std::string name, std::vector<Trace> sequences);

}  // namespace hdp
