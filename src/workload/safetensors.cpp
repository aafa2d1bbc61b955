// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <numeric>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "workload/message.hpp"
#include "workload/safetensors_header.hpp"
#include <hdp/base/error.hpp>
#include <hdp/workload/safetensors.hpp>

namespace hdp {
namespace {

using detail::HeaderEntry;

std::span<const std::byte> header_bytes(std::span<const std::byte> file) {
  std::uint64_t length = 0;
  if (file.size() < sizeof length) {
    throw UserError(
        {.problem = fmt::format("{} bytes are too few for a safetensors file", file.size()),
         .allowed = "8 bytes of header length, a JSON header, the data"});
  }
  std::memcpy(&length, file.data(), sizeof length);
  const std::uint64_t rest = file.size() - sizeof length;
  if (length > detail::kMaxHeader || length > rest) {
    throw UserError({.problem = fmt::format("header length {} is too large", length),
                     .unit = "bytes",
                     .allowed = fmt::format("at most {}", std::min(detail::kMaxHeader, rest))});
  }
  return file.subspan(sizeof length, static_cast<std::size_t>(length));
}

/// Bytes that the shape asks for; a product beyond 2^63-1 is an error.
std::int64_t byte_count(const HeaderEntry& entry) {
  auto bytes = static_cast<std::int64_t>(size_of(entry.type));
  for (const std::int64_t extent : entry.shape) {
    if (__builtin_mul_overflow(bytes, extent, &bytes)) {
      throw UserError(
          {.path = detail::tensor_label(entry.name),
           .problem = fmt::format("shape {} overflows", detail::shape_text(entry.shape)),
           .allowed = "at most 2^63-1 bytes"});
    }
  }
  return bytes;
}

void check_extent(const HeaderEntry& entry, std::int64_t data_size) {
  const std::int64_t begin = entry.offsets[0];
  const std::int64_t end = entry.offsets[1];
  const auto fail = [&](std::string problem, std::string allowed) {
    throw UserError({.path = detail::tensor_label(entry.name),
                     .problem = fmt::format("data_offsets [{}, {}] {}", begin, end, problem),
                     .unit = "bytes",
                     .allowed = std::move(allowed)});
  };
  if (begin > end) fail("are reversed", "begin <= end");
  if (end > data_size) fail("leave the file", fmt::format("at most {}", data_size));
  const std::int64_t wanted = byte_count(entry);
  if (end - begin != wanted) {
    fail(fmt::format("do not fit {} of shape {}", name_of(entry.type),
                     detail::shape_text(entry.shape)),
         fmt::format("a difference of {}", wanted));
  }
}

/// The tensors, in the order of their data, must cover it exactly once.
void check_cover(const std::vector<HeaderEntry>& entries, std::int64_t data_size) {
  std::int64_t covered = 0;
  for (const HeaderEntry& entry : entries) {
    const std::int64_t begin = entry.offsets[0];
    if (begin != covered) {
      throw UserError({.path = detail::tensor_label(entry.name),
                       .problem = begin < covered
                                      ? fmt::format("overlaps another tensor at offset {}", begin)
                                      : fmt::format("leaves a hole before offset {}", begin),
                       .allowed = fmt::format("to begin at {}", covered)});
    }
    covered = entry.offsets[1];
  }
  if (covered != data_size) {
    throw UserError({.problem = fmt::format("{} bytes after the last tensor belong to none",
                                            data_size - covered)});
  }
}

std::vector<HeaderEntry> checked(std::vector<HeaderEntry> entries, std::int64_t data_size) {
  for (const HeaderEntry& entry : entries) check_extent(entry, data_size);
  std::ranges::sort(entries, {}, [](const HeaderEntry& entry) {
    return std::tie(entry.offsets[0], entry.offsets[1], entry.name);
  });
  check_cover(entries, data_size);
  return entries;
}

}  // namespace

Safetensors Safetensors::parse(std::span<const std::byte> file, std::string_view path) try {
  const std::span<const std::byte> json = header_bytes(file);
  const std::span<const std::byte> data = file.subspan(sizeof(std::uint64_t) + json.size());
  detail::Header header =
      detail::read_header({reinterpret_cast<const char*>(json.data()), json.size()});
  Safetensors result;
  result.metadata_ = std::move(header.metadata);
  for (HeaderEntry& entry :
       checked(std::move(header.tensors), static_cast<std::int64_t>(data.size()))) {
    const auto begin = static_cast<std::size_t>(entry.offsets[0]);
    const auto end = static_cast<std::size_t>(entry.offsets[1]);
    result.tensors_.push_back({std::move(entry.name), entry.type, std::move(entry.shape),
                               data.subspan(begin, end - begin)});
  }
  result.by_name_.resize(result.tensors_.size());
  std::iota(result.by_name_.begin(), result.by_name_.end(), std::size_t{0});
  std::ranges::sort(result.by_name_, {},
                    [&](std::size_t i) -> const std::string& { return result.tensors_[i].name; });
  return result;
} catch (const UserError& error) {
  throw error.within(path);
}

const TensorView* Safetensors::find(std::string_view name) const {
  const auto name_at = [&](std::size_t i) { return std::string_view(tensors_[i].name); };
  const auto found = std::ranges::lower_bound(by_name_, name, {}, name_at);
  if (found == by_name_.end() || name_at(*found) != name) return nullptr;
  return &tensors_[*found];
}

}  // namespace hdp
