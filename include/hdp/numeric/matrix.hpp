// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace hdp {

/// Row-major matrix that somebody else owns.
template <class T>
class MatrixView {
 public:
  MatrixView() = default;
  MatrixView(T* data, std::int64_t rows, std::int64_t columns)
      : data_(data), rows_(rows), columns_(columns) {}
  /// A view of mutable values is a view of constant ones.
  template <class U>
    requires std::is_same_v<const U, T>
  MatrixView(MatrixView<U> other)  // NOLINT(google-explicit-constructor)
      : MatrixView(other.data(), other.rows(), other.columns()) {}

  [[nodiscard]] T* data() const { return data_; }
  [[nodiscard]] std::int64_t rows() const { return rows_; }
  [[nodiscard]] std::int64_t columns() const { return columns_; }
  [[nodiscard]] std::span<T> row(std::int64_t i) const {
    return {data_ + i * columns_, static_cast<std::size_t>(columns_)};
  }
  /// Rows [first, first + count).
  [[nodiscard]] MatrixView slice(std::int64_t first, std::int64_t count) const {
    return {data_ + first * columns_, count, columns_};
  }
  [[nodiscard]] std::span<T> values() const {
    return {data_, static_cast<std::size_t>(rows_ * columns_)};
  }

 private:
  T* data_ = nullptr;
  std::int64_t rows_ = 0;
  std::int64_t columns_ = 0;
};

/// Row-major matrix that owns its values. resize() keeps the storage it has.
template <class T>
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::int64_t rows, std::int64_t columns) { resize(rows, columns); }

  void resize(std::int64_t rows, std::int64_t columns) {
    rows_ = rows;
    columns_ = columns;
    values_.resize(static_cast<std::size_t>(rows * columns));
  }
  [[nodiscard]] std::int64_t rows() const { return rows_; }
  [[nodiscard]] std::int64_t columns() const { return columns_; }
  [[nodiscard]] MatrixView<T> view() { return {values_.data(), rows_, columns_}; }
  [[nodiscard]] MatrixView<const T> view() const { return {values_.data(), rows_, columns_}; }
  [[nodiscard]] std::span<T> row(std::int64_t i) { return view().row(i); }
  [[nodiscard]] std::span<const T> row(std::int64_t i) const { return view().row(i); }
  [[nodiscard]] std::span<T> values() { return values_; }
  [[nodiscard]] std::span<const T> values() const { return values_; }

 private:
  std::int64_t rows_ = 0;
  std::int64_t columns_ = 0;
  std::vector<T> values_;
};

}  // namespace hdp
