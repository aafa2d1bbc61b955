// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "workload/message.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/workload/magnitude.hpp>
#include <hdp/workload/weights.hpp>

namespace hdp {

struct Weights::Contents {
  std::variant<std::vector<std::byte>, InputFile> storage;
  std::string name;
  std::string sha256;
  Safetensors file;
  std::vector<const TensorView*> matrices;
};

namespace {

void check_matrix(const TensorView& tensor) {
  const auto& shape = tensor.shape;
  if (shape.size() != 2 || shape[0] < 1 || shape[1] < 1)
    refuse(detail::tensor_label(tensor.name), fmt::format("shape {}", detail::shape_text(shape)),
           "weights [rows, columns], or one dimension; a trace has layers.L.q, layers.L.k, "
           "layers.L.v");
  if (const auto bad = first_out_of_range(tensor.type, tensor.bytes)) {
    const auto at = static_cast<std::int64_t>(bad->index);
    refuse(detail::tensor_label(tensor.name),
           fmt::format("value {} at [{}, {}]", text_of(*bad), at / shape[1], at % shape[1]),
           std::string(kValuesAllowed));
  }
}

Weights checked_weights(std::shared_ptr<Weights::Contents> weights,
                        std::span<const std::byte> bytes, const std::string& path) {
  weights->file = Safetensors::parse(bytes, path);
  try {
    for (const TensorView& tensor : weights->file.tensors()) {
      if (tensor.shape.size() == 1) continue;
      check_matrix(tensor);
      weights->matrices.push_back(&tensor);
    }
  } catch (const UserError& error) {
    throw error.within(path);
  }
  if (weights->matrices.empty())
    refuse(path, "holds no weights", "tensors of two dimensions [rows, columns]");
  std::ranges::sort(weights->matrices, {}, &TensorView::name);
  weights->sha256 = sha256_hex(bytes);
  return Weights(std::move(weights));
}

}  // namespace

bool is_meant_as_trace(const Safetensors& file) {
  const auto of_layer = [](const TensorView& tensor) { return tensor.name.starts_with("layers."); };
  return file.tensors().empty() || std::ranges::any_of(file.tensors(), of_layer);
}

Weights::Weights(std::shared_ptr<const Contents> contents) : contents_(std::move(contents)) {}

const std::string& Weights::name() const { return contents_->name; }
const std::string& Weights::sha256() const { return contents_->sha256; }
const std::vector<const TensorView*>& Weights::matrices() const { return contents_->matrices; }

Matrix<double> read_matrix(const TensorView& tensor) {
  Matrix<double> matrix(tensor.shape.at(0), tensor.shape.at(1));
  widen(tensor.type, tensor.bytes, matrix.values());
  return matrix;
}

Weights load_weights(const std::filesystem::path& path) {
  return load_weights(InputFile(path), path);
}

Weights load_weights(InputFile file, const std::filesystem::path& path) {
  auto weights = std::make_shared<Weights::Contents>();
  weights->name = one_line(path.stem().string());
  const auto& stored = weights->storage.emplace<InputFile>(std::move(file));
  return checked_weights(weights, stored.bytes(), path.string());
}

Weights weights_from_bytes(std::vector<std::byte> bytes, std::string name) {
  auto weights = std::make_shared<Weights::Contents>();
  weights->name = std::move(name);
  const auto& stored = weights->storage.emplace<std::vector<std::byte>>(std::move(bytes));
  return checked_weights(weights, stored, weights->name);
}

}  // namespace hdp
