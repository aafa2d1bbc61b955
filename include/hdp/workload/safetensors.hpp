// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/workload/element_type.hpp>

namespace hdp {

/// One tensor of a file: its elements row by row, the last dimension fastest.
struct TensorView {
  std::string name;
  ElementType type = ElementType::F16;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;  ///< Not owned, and not aligned.
};

using Metadata = std::map<std::string, std::string>;

/// The contents of a safetensors file: an 8-byte header length, a JSON header, the data.
class Safetensors {
 public:
  /// Reads the header; the tensors refer to `file`, which must outlive them. `path` is for
  /// messages. Whatever is wrong with the file is a UserError: lengths, JSON, types, shapes, keys
  /// that come twice, and data that is not covered by the tensors exactly once. Memory and time are
  /// bounded by the bytes that are there, not by what they claim.
  static Safetensors parse(std::span<const std::byte> file, std::string_view path);

  /// In the order of their data.
  [[nodiscard]] const std::vector<TensorView>& tensors() const { return tensors_; }
  [[nodiscard]] const Metadata& metadata() const { return metadata_; }
  /// The tensor of that name, or null.
  [[nodiscard]] const TensorView* find(std::string_view name) const;

 private:
  std::vector<TensorView> tensors_;
  std::vector<std::size_t> by_name_;
  Metadata metadata_;
};

/// The bytes of a file with these tensors and metadata, the same on every machine. Tensors are laid
/// out widest element first, so that each is aligned, else in the given order. UserError where a
/// name or a metadata string is not UTF-8.
std::string write_safetensors(std::span<const TensorView> tensors, const Metadata& metadata);

}  // namespace hdp
