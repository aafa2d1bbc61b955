// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <Eigen/Core>

#include <hdp/base/check.hpp>

namespace hdp {

/// Row-major values, as Eigen's owning matrix and as a view of plain memory. Only views cross the
/// library's boundary: how an owner is aligned depends on the compiler's flags.
template <class T>
using EigenMatrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using EigenView =
    Eigen::Map<std::conditional_t<std::is_const_v<T>, const EigenMatrix<std::remove_const_t<T>>,
                                  EigenMatrix<T>>,
               Eigen::Unaligned>;

namespace detail {

/// Eigen's matrices, arrays, maps, blocks and refs over row-major values that a T* may point to.
template <class Dense, class T>
concept RowMajorMemory = (Dense::IsRowMajor != 0) && requires(Dense& dense) {
  { dense.data() } -> std::convertible_to<T*>;
  { dense.innerStride() } -> std::convertible_to<std::int64_t>;
};

/// Whether values may go with the object: those of a temporary must not be viewed.
template <class Dense>
inline constexpr bool kMayOwn = std::is_same_v<typename Dense::PlainObject, Dense>;
template <class Plain, int Options, class Stride>
inline constexpr bool kMayOwn<Eigen::Ref<const Plain, Options, Stride>> = true;

}  // namespace detail

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
  /// Of an Eigen matrix, map, block or ref: row-major, rows without gaps between them.
  template <class Dense>
    requires detail::RowMajorMemory<std::remove_reference_t<Dense>, T> &&
             (std::is_lvalue_reference_v<Dense> || !detail::kMayOwn<std::remove_const_t<Dense>>)
  MatrixView(Dense&& dense)  // NOLINT(*-explicit-constructor,*-forwarding-reference-overload)
      : MatrixView(dense.data(), dense.rows(), dense.cols()) {
    HDP_CHECK(columns_ <= 1 || dense.innerStride() == 1, "an Eigen view has gaps in its rows");
    HDP_CHECK(rows_ <= 1 || dense.outerStride() == columns_,
              "an Eigen view has gaps between its rows");
  }

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
  [[nodiscard]] EigenView<T> eigen() const { return {data_, rows_, columns_}; }

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
  /// As Eigen sees it; valid until the next resize().
  [[nodiscard]] EigenView<T> eigen() & { return view().eigen(); }
  [[nodiscard]] EigenView<const T> eigen() const& { return view().eigen(); }
  void eigen() const&& = delete;
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
