// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <hdp/numeric/matrix.hpp>
#include <hdp/workload/safetensors.hpp>

namespace hdp {

class InputFile;

/// Whether a tensor file is meant as an attention trace: a name begins with "layers.", or there is
/// none.
bool is_meant_as_trace(const Safetensors& file);

/// The weight matrices of a tensor file, for pruning before run time. Immutable, and a copy shares
/// the bytes.
class Weights {
 public:
  struct Contents;  ///< What the loader has read and checked.
  explicit Weights(std::shared_ptr<const Contents> contents);

  [[nodiscard]] const std::string& name() const;
  /// Of the bytes of the file, in hex.
  [[nodiscard]] const std::string& sha256() const;
  /// Those of two dimensions, in the order of their names; they refer to the bytes of these
  /// weights.
  [[nodiscard]] const std::vector<const TensorView*>& matrices() const;

 private:
  std::shared_ptr<const Contents> contents_;
};

/// A matrix of them in double; integers as their codes.
Matrix<double> read_matrix(const TensorView& tensor);

/// A tensor file, read into memory; it is named after the file, without folder and extension, on
/// one line. Tensors of one dimension (biases, norms) stay aside. UserError for more than two
/// dimensions, empty ones, NaN or infinity, and where no matrix is left.
Weights load_weights(const std::filesystem::path& path);
/// The same of a file that is read already.
Weights load_weights(InputFile file, const std::filesystem::path& path);

/// The same from bytes in memory; `name` also stands for the path in messages.
Weights weights_from_bytes(std::vector<std::byte> bytes, std::string name);

}  // namespace hdp
