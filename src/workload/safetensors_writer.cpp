// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <functional>

#include <nlohmann/json.hpp>

#include "workload/safetensors_header.hpp"
#include <hdp/base/check.hpp>
#include <hdp/base/error.hpp>
#include <hdp/workload/safetensors.hpp>

namespace hdp {
namespace {

std::uint64_t byte_count(const TensorView& tensor) {
  std::uint64_t bytes = size_of(tensor.type);
  for (const std::int64_t extent : tensor.shape) bytes *= static_cast<std::uint64_t>(extent);
  return bytes;
}

}  // namespace

std::string detail::write_header(std::span<const TensorView> tensors, const Metadata& metadata) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header[std::string(kMetadataKey)] = metadata;
  std::uint64_t end = 0;
  for (const TensorView& tensor : tensors) {
    HDP_CHECK(!header.contains(tensor.name) && tensor.name != kMetadataKey, "names differ");
    const std::uint64_t begin = end;
    end += byte_count(tensor);
    header[tensor.name] = {
        {"dtype", name_of(tensor.type)}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
  }
  std::string json;
  try {
    json = header.dump();
  } catch (const nlohmann::json::type_error&) {
    throw UserError({.problem = "a tensor name or metadata string is not UTF-8"});
  }
  constexpr std::size_t kAlignment = 8;
  json.resize((json.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  const std::uint64_t length = json.size();
  std::string text(sizeof length, '\0');
  std::memcpy(text.data(), &length, sizeof length);
  return text + json;
}

std::string write_safetensors(std::span<const TensorView> tensors, const Metadata& metadata) {
  std::vector<TensorView> ordered(tensors.begin(), tensors.end());
  std::ranges::stable_sort(ordered, std::greater{},
                           [](const TensorView& tensor) { return size_of(tensor.type); });
  std::string file = detail::write_header(ordered, metadata);
  for (const TensorView& tensor : ordered) {
    HDP_CHECK(tensor.bytes.size() == byte_count(tensor), "bytes and shape disagree");
    file.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  }
  return file;
}

}  // namespace hdp
