// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/error.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp::test {

inline std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

template <class T>
std::vector<std::byte> bytes_of(const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {bytes.begin(), bytes.end()};
}

/// A file with this very text as header and `data_size` zero bytes of data.
inline std::vector<std::byte> raw_file(std::string_view header, std::size_t data_size) {
  const std::uint64_t length = header.size();
  std::string file(sizeof length, '\0');
  std::memcpy(file.data(), &length, sizeof length);
  return bytes_of(file.append(header).append(data_size, '\0'));
}

/// The message of the UserError that `action` throws, or "".
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

/// A trace file under construction: owns the bytes of its tensors.
class TraceFile {
 public:
  Metadata metadata{{"stage", "prefill"}, {"causal", "false"}};

  /// Zero unless `bytes` says otherwise; the size of `bytes` is the caller's business.
  TraceFile& add(std::string name, std::vector<std::int64_t> shape,
                 ElementType type = ElementType::F16, std::vector<std::byte> bytes = {}) {
    std::size_t size = size_of(type);
    for (const std::int64_t extent : shape) size *= static_cast<std::size_t>(extent);
    bytes.resize(size);
    tensors_.push_back({std::move(name), type, std::move(shape), {}});
    data_.push_back(std::move(bytes));
    return *this;
  }

  TraceFile& add_layer(std::int64_t layer, const LayerShape& s,
                       ElementType type = ElementType::F16) {
    add(tensor_name(layer, TensorKind::Q), {s.heads, s.n_q, s.d}, type);
    add(tensor_name(layer, TensorKind::K), {s.kv_heads, s.n_k, s.d}, type);
    return add(tensor_name(layer, TensorKind::V), {s.kv_heads, s.n_k, s.d}, type);
  }

  [[nodiscard]] std::vector<std::byte> bytes() const {
    std::vector<TensorView> tensors = tensors_;
    for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].bytes = data_[i];
    return bytes_of(write_safetensors(tensors, metadata));
  }

  [[nodiscard]] Trace trace() const { return trace_from_bytes(bytes(), "t"); }

 private:
  std::vector<TensorView> tensors_;
  std::vector<std::vector<std::byte>> data_;
};

}  // namespace hdp::test
