// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <hdp/config/field.hpp>
#include <hdp/prune/code_settings.hpp>
#include <hdp/prune/probability_bound.hpp>

namespace hdp {

/// The reference orders of a query's chunks: one chunk of every live token before the next, or a
/// token to its end before the next.
enum class ChunkOrder : std::uint8_t { BreadthFirst, DepthFirst };
template <>
struct EnumNames<ChunkOrder> {
  static constexpr std::array<std::string_view, 2> kNames{"breadth_first", "depth_first"};
};

/// In which order tokens are asked for.
enum class TokenOrder : std::uint8_t { NewestFirst, OldestFirst };
template <>
struct EnumNames<TokenOrder> {
  static constexpr std::array<std::string_view, 2> kNames{"newest_first", "oldest_first"};
};

/// The `place`-th of `tokens` tokens: newest_first takes the newest, token 0, then the rest from
/// newest to oldest.
constexpr std::int64_t token_at(TokenOrder order, std::int64_t place, std::int64_t tokens) {
  if (order == TokenOrder::OldestFirst) return place;
  return place == 0 ? tokens - 1 : place == 1 ? 0 : tokens - place;
}

/// And the place of a token.
constexpr std::int64_t place_of(TokenOrder order, std::int64_t token, std::int64_t tokens) {
  if (order == TokenOrder::OldestFirst) return token;
  return token == tokens - 1 ? 0 : token == 0 ? 1 : tokens - token;
}

/// Settings of Token-Picker's decisions (docs/token_picker.md).
struct TokenPickerSettings : CodeSettings {
  ProbabilityRule rule;  ///< Its chunks add up to k_bits.
  ChunkOrder order = ChunkOrder::BreadthFirst;
  TokenOrder tokens = TokenOrder::NewestFirst;
};

}  // namespace hdp
