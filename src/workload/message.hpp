// SPDX-License-Identifier: Apache-2.0
// Parts of the messages about tensor files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hdp::detail {

/// The first 64 bytes of a text that may be long, without half a UTF-8 character.
std::string clipped(std::string_view text);

/// "tensor 'name'", the name clipped.
std::string tensor_label(std::string_view name);

/// "[2, 3]".
std::string shape_text(std::span<const std::int64_t> shape);

/// "one, two".
std::string listed(std::span<const std::string_view> words);

}  // namespace hdp::detail
