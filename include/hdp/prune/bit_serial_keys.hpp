// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include <hdp/numeric/matrix.hpp>
#include <hdp/prune/bit_serial.hpp>

namespace hdp {

/// What became of the keys of one query.
struct BitSerialQuery {
  std::vector<std::int64_t> steps;      ///< Taken, by key; at least 1.
  std::vector<std::int32_t> survivors;  ///< Ascending.
  std::vector<std::int64_t> scores;     ///< By key; those of the survivors are complete.
};

/// The keys of a stored head, ready to be met bit by bit by one query after another.
class BitSerialKeys {
 public:
  /// `codes` [n_k, d] of at most key_bits bits; queries have at most `query_bits`.
  BitSerialKeys(MatrixView<const std::int32_t> codes, const BitSerialRule& rule,
                std::int64_t query_bits);

  /// The query against the first `keys` keys: BitSerialScore for each of them, but faster.
  void decide(std::span<const std::int32_t> query, std::int64_t keys, std::int64_t threshold,
              BitSerialQuery& result) const;
  /// The scores alone.
  void scores(std::span<const std::int32_t> query, std::span<std::int64_t> out) const;

 private:
  template <class Code>
  struct Planes {
    std::vector<Matrix<Code>> known;  ///< By step: the codes, what is not read 0.
    Matrix<Code> signs;               ///< 1 and -1.
  };
  template <class Code>
  static Planes<Code> planes(MatrixView<const std::int32_t> codes, const BitSerialRule& rule);
  /// Calls work(planes, query, Sum{}): products with the query fit Sum.
  template <class Work>
  void with(std::span<const std::int32_t> query, Work work) const;

  BitSerialRule rule_;
  std::variant<Planes<std::int16_t>, Planes<std::int32_t>> planes_;
};

}  // namespace hdp
