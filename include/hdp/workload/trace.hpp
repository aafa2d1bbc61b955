// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/config/field.hpp>
#include <hdp/numeric/matrix.hpp>
#include <hdp/workload/safetensors.hpp>

namespace hdp {

class InputFile;

/// Prefill: all queries at once. Decode: one query per generated token, over a growing context.
enum class Stage : std::uint8_t { Prefill, Decode };

template <>
struct EnumNames<Stage> {
  static constexpr std::array<std::string_view, 2> kNames{"prefill", "decode"};
};

enum class TensorKind : std::uint8_t { Q, K, V };

template <>
struct EnumNames<TensorKind> {
  static constexpr std::array<std::string_view, 3> kNames{"q", "k", "v"};
};

inline constexpr std::array kTensorKinds{TensorKind::Q, TensorKind::K, TensorKind::V};

/// Q is heads x n_q x d; K and V are kv_heads x n_k x d. All are at least 1.
struct LayerShape {
  std::int64_t heads = 0;
  std::int64_t kv_heads = 0;  ///< Divides heads.
  std::int64_t n_q = 0;       ///< Decode: one row per step.
  std::int64_t n_k = 0;       ///< Decode: the context, then one row per step.
  std::int64_t d = 0;
  [[nodiscard]] constexpr std::int64_t stored_heads(TensorKind kind) const {
    return kind == TensorKind::Q ? heads : kv_heads;
  }
  [[nodiscard]] constexpr std::int64_t rows(TensorKind kind) const {
    return kind == TensorKind::Q ? n_q : n_k;
  }
  friend bool operator==(const LayerShape&, const LayerShape&) = default;
};

/// The name under which a trace stores a tensor: "layers.3.k".
std::string tensor_name(std::int64_t layer, TensorKind kind);

/// One text going once through one model: Q, K and V of every stored layer, as they enter the
/// attention product. Immutable, and a copy shares the bytes. Layers and heads count from 0; an
/// index that does not exist is a LogicFault.
class Trace {
 public:
  struct Contents;  ///< What the loader has read and checked.
  explicit Trace(std::shared_ptr<const Contents> contents);

  [[nodiscard]] const std::string& name() const;
  /// Of the bytes of the file, in hex.
  [[nodiscard]] const std::string& sha256() const;
  [[nodiscard]] Stage stage() const;
  /// Query i sees keys j <= i + n_k - n_q only. Always so in decode.
  [[nodiscard]] bool causal() const;
  /// Decode: rows of K and V before the first step, and number of steps. Prefill: 0.
  [[nodiscard]] std::int64_t n_ctx() const;
  [[nodiscard]] std::int64_t steps() const;
  [[nodiscard]] std::int64_t layers() const;
  [[nodiscard]] const LayerShape& shape(std::int64_t layer) const;
  [[nodiscard]] const Metadata& metadata() const;
  /// The file as stored; refers to the bytes of this trace.
  [[nodiscard]] const Safetensors& file() const;

  [[nodiscard]] const TensorView& tensor(std::int64_t layer, TensorKind kind) const;
  [[nodiscard]] ElementType element_type(std::int64_t layer, TensorKind kind) const;
  /// What one unit of an integer code is worth; nothing for a tensor of floating point numbers.
  [[nodiscard]] std::optional<double> scale(std::int64_t layer, TensorKind kind) const;
  /// The stored head that query head `head` reads K and V from.
  [[nodiscard]] std::int64_t kv_head(std::int64_t layer, std::int64_t head) const;
  /// Raw rows of a stored head: a query head for Q, a kv head for K and V.
  [[nodiscard]] std::span<const std::byte> head(std::int64_t layer, TensorKind kind,
                                                std::int64_t stored_head) const;
  /// The same rows as doubles, row by row; integers as their codes, not scaled. `out` holds
  /// n_q * d (Q) or n_k * d (K, V) values.
  void read_head(std::int64_t layer, TensorKind kind, std::int64_t stored_head,
                 std::span<double> out) const;
  /// The same as a matrix [n_q, d] or [n_k, d].
  [[nodiscard]] Matrix<double> read_head(std::int64_t layer, TensorKind kind,
                                         std::int64_t stored_head) const;

 private:
  std::shared_ptr<const Contents> contents_;
};

/// Reads a stored head as doubles, integers times their scale: [rows, d].
void read_values(const Trace& trace, std::int64_t layer, TensorKind kind, std::int64_t stored,
                 Matrix<double>& values);

/// A trace file, read into memory; it is named after the file, without folder and extension,
/// on one line.
/// UserError for whatever a trace may not be: a file that is no safetensors, layers with gaps,
/// tensors that are missing, unknown or do not fit each other, NaN or infinity, integers without
/// scale, metadata that contradict the tensors.
Trace load_trace(const std::filesystem::path& path);
/// The same of a file that is read already.
Trace load_trace(InputFile file, const std::filesystem::path& path);

/// The same from bytes in memory; `name` also stands for the path in messages.
Trace trace_from_bytes(std::vector<std::byte> bytes, std::string name);

}  // namespace hdp
