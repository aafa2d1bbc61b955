// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <hdp/config/field.hpp>

namespace hdp {

/// How the elements of a stored tensor are encoded, little-endian.
enum class ElementType : std::uint8_t { F16, BF16, F32, F64, I8, I16, I32 };

/// The names safetensors gives them.
template <>
struct EnumNames<ElementType> {
  static constexpr std::array<std::string_view, 7> kNames{"F16", "BF16", "F32", "F64",
                                                          "I8",  "I16",  "I32"};
};

/// Bytes of one element.
constexpr std::size_t size_of(ElementType type) {
  constexpr std::array<std::size_t, 7> kSizes{2, 2, 4, 8, 1, 2, 4};
  return kSizes.at(static_cast<std::size_t>(type));
}

constexpr bool is_integer(ElementType type) { return type >= ElementType::I8; }

/// The type safetensors calls `name`, if it is one of ours.
std::optional<ElementType> element_type_of(std::string_view name);

/// Every element as a double, exactly. `bytes` need not be aligned; its size must be that of
/// `out.size()` elements.
void widen(ElementType type, std::span<const std::byte> bytes, std::span<double> out);

/// Index of the first NaN or infinity, if there is one. Integers have none.
std::optional<std::size_t> first_not_finite(ElementType type, std::span<const std::byte> bytes);

}  // namespace hdp
