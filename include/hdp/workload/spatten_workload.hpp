// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/config/field.hpp>

namespace hdp {

/// The two formats of the SpAtten authors: a row a (generated token, layer, head), as they
/// published files of, or a row a (layer, head) of a prefill, which their analytical model reads.
enum class SpattenFormat : std::uint8_t { Generation, Prefill };

template <>
struct EnumNames<SpattenFormat> {
  static constexpr std::array<std::string_view, 2> kNames{"generation", "prefill"};
};

/// One attention head of one pass, as a row of a workload file says. Bits of -1 mean that the row
/// names none.
struct SpattenRow {
  std::int64_t iteration = 0;  ///< Generated token; 0 in a prefill file.
  std::int64_t layer = 0;
  std::int64_t head = 0;             ///< Consecutive number among the heads that are left.
  std::int64_t head_size = 64;       ///< embedding_length_D.
  std::int64_t sentence_length = 0;  ///< Tokens seen; in a prefill file the number of queries.
  std::int64_t key_fetch = 0, value_fetch = 0;  ///< Vectors to fetch; equal in a prefill file.
  std::int64_t key_bits = -1, value_bits = -1, query_bits = -1;
  double requantise_threshold = -1;  ///< Largest probability that still re-quantises; -1: none.
  bool requantise = false;           ///< The row may fetch LSBs.
  std::int64_t requantise_bits = 4;
  std::int64_t requantise_rows = 0;  ///< auto_requant_num of a prefill file.
  bool accumulates_importance = false, rescales_importance = false;
  bool top_k = false;            ///< Tokens are ranked behind this row,
  std::int64_t top_k_kept = -1;  ///< and so many stay.
  friend bool operator==(const SpattenRow&, const SpattenRow&) = default;
};

struct SpattenWorkload {
  std::string name;    ///< The file's name, without folder and extension.
  std::string sha256;  ///< Of the file's bytes.
  SpattenFormat format = SpattenFormat::Generation;
  std::vector<SpattenRow> rows;  ///< In the order of the file, which is the order of the requests.
  std::string trailer;           ///< What the last line says that is no row; may be empty.
};

/// No file has more rows, read or generated.
inline constexpr std::size_t kMostSpattenRows = std::size_t{1} << 22;

/// Reads either format: the header decides which; its columns may stand in any order. Integers may
/// be written as "64.0"; lines may end in CR LF; a last line whose first cell is no number and
/// whose other cells are empty is the trailer. UserError with file, line and column where something
/// else stands. How many values the keys allow is for the machine to say. Memory is bounded by the
/// file's size.
SpattenWorkload read_spatten_workload(const std::filesystem::path& path);
/// The same of a text; `origin` names it in errors, and names the workload.
SpattenWorkload parse_spatten_workload(std::string_view text, const std::string& origin);

/// The text that parse_spatten_workload takes for the same rows and trailer. UserError for what no
/// file can say: a number out of its column's range, a trailer of more than one cell, a row with
/// entries that only the other format has.
std::string write_spatten_workload(const SpattenWorkload& workload);

/// How messages name a row, counted from 0: "decode: row 3".
std::string row_path(const std::string& origin, std::size_t row);

/// What of a file's pruning rows keep.
struct RowFeatures {
  bool tokens = false, heads = false, values = false, quantisation = false;
};

/// From no feature to all of them, one more a step.
struct RowStep {
  std::string_view label;
  RowFeatures features;
};
inline constexpr std::array<RowStep, 5> kRowSteps{
    {{"dense", {}},
     {"+ token", {.tokens = true}},
     {"+ head", {.tokens = true, .heads = true}},
     {"+ local value", {.tokens = true, .heads = true, .values = true}},
     {"+ quantisation", {.tokens = true, .heads = true, .values = true, .quantisation = true}}}};

/// The rows with some of their features only. Without tokens every key is fetched and nothing is
/// ranked; without heads every layer has as many as the largest; without values a value for every
/// key; without quantisation all bits in one pass.
std::vector<SpattenRow> with_features(std::span<const SpattenRow> rows,
                                      const RowFeatures& features);
/// The rows without any pruning or quantisation.
std::vector<SpattenRow> unpruned(std::span<const SpattenRow> rows);
/// The same workload with other rows.
SpattenWorkload with_rows(const SpattenWorkload& workload, std::vector<SpattenRow> rows);

}  // namespace hdp
