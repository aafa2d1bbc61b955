// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/workload/safetensors.hpp>

namespace hdp::detail {

/// A header may not be longer than this, in bytes; the limit is the format's.
inline constexpr std::uint64_t kMaxHeader = 100'000'000;
inline constexpr std::string_view kMetadataKey = "__metadata__";

/// One tensor as the header describes it, not yet held against the data.
struct HeaderEntry {
  std::string name;
  ElementType type = ElementType::F16;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> offsets;  ///< Begin and end, from the start of the data.
};

struct Header {
  std::vector<HeaderEntry> tensors;
  Metadata metadata;
};

/// Reads the JSON; every mistake is a UserError without the path of the file.
Header read_header(std::string_view json);

/// Length and JSON of a header whose tensors lie one after the other, padded to a multiple of 8.
std::string write_header(std::span<const TensorView> tensors, const Metadata& metadata);

}  // namespace hdp::detail
