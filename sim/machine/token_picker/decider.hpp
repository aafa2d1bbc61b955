// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "machine/token_picker/slice.hpp"
#include <hdp/machine/head_map.hpp>
#include <hdp/machine/token_picker/config.hpp>
#include <hdp/prune/token_picker_record.hpp>

namespace hdp::token_picker {

/// What becomes of a token, a bit for each query of its slice.
struct Masks {
  std::uint32_t keep = 0, next = 0;
};

/// A query head, and what was decided on it so far.
struct HeadPlace {
  std::unique_ptr<const TokenPickerHead> codes;
  std::unique_ptr<TokenPickerRecord> record;
};

/// The decisions on one slice, in the order in which chunks arrive.
class SliceDecision {
 public:
  explicit SliceDecision(const TokenPickerConfig& config);

  void begin(const Slice& slice, std::span<HeadPlace* const> heads);
  /// A chunk of a token is there; the queries of `live` want it.
  Masks observe(std::int64_t token, std::int64_t chunk, std::uint32_t live);
  /// Adds what was decided to the heads' records.
  void finish(const Slice& slice, std::span<HeadPlace* const> heads);
  [[nodiscard]] std::int64_t survivors(std::int64_t head) const {
    return std::ssize(queries_[static_cast<std::size_t>(head)].picked.survivors);
  }

 private:
  struct Query {
    ProbabilityBound bound;
    Matrix<std::int64_t> partials;
    TokenPickerQuery picked;
  };
  bool estimates_;
  ProbabilityRule rule_;
  std::vector<Query> queries_;  ///< Storage is kept.
};

/// The heads of all sequences as codes, and what was decided on them.
class Decider {
 public:
  /// `fidelity`: what is decided is compared with dense attention.
  Decider(const TokenPickerConfig& config, std::span<const Trace> sequences, bool fidelity);

  /// A slice takes the place `slot`.
  void begin(std::uint32_t slot, const Slice& slice);
  Masks observe(std::uint32_t slot, std::int64_t token, std::int64_t chunk, std::uint32_t live) {
    return decisions_[slot].observe(token, chunk, live);
  }
  [[nodiscard]] std::int64_t survivors(std::uint32_t slot, std::int64_t head) const {
    return decisions_[slot].survivors(head);
  }
  void finish(std::uint32_t slot, const Slice& slice);
  /// All decisions of a sequence, once, and what heads kept.
  TokenPickerDecisions take(std::int64_t sequence, unsigned threads, HeadMaps* maps);

 private:
  struct LayerPlace {
    std::vector<std::shared_ptr<const KeyValueCodes>> stored;
    std::vector<HeadPlace> heads;
  };
  /// The heads of a slice, loaded where they are not yet.
  std::vector<HeadPlace*> heads_of(const Slice& slice);

  TokenPickerSettings settings_;
  std::span<const Trace> sequences_;
  bool fidelity_;
  std::vector<std::vector<LayerPlace>> places_;  ///< By sequence and layer.
  std::vector<SliceDecision> decisions_;         ///< By slot.
};

}  // namespace hdp::token_picker
