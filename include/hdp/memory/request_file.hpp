// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/memory/dram_request.hpp>

namespace hdp {

/// What is taken of a stream: the first `limit` requests, with addresses below `capacity`.
struct RequestBounds {
  std::uint64_t capacity = std::numeric_limits<std::uint64_t>::max();
  std::size_t limit = std::numeric_limits<std::size_t>::max();
};

/// A request stream from a file. `.bin`: records of 16 bytes, little-endian: u64 address, u32
/// not-before cycle, u32 write flag (0 or 1). Anything else: lines `R|W ADDRESS [NOT_BEFORE]`,
/// numbers decimal or 0x hexadecimal; empty lines and lines that begin with # are left out.
/// UserError with the line or record where something else stands.
std::vector<DramRequest> read_requests(const std::filesystem::path& path,
                                       RequestBounds bounds = {});

/// The text form alone; `origin` names it in errors.
std::vector<DramRequest> parse_requests(std::string_view text, const std::string& origin,
                                        RequestBounds bounds = {});

}  // namespace hdp
