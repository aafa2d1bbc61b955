// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cstring>

#include <hdp/base/check.hpp>
#include <hdp/workload/element_type.hpp>
#include <hdp/workload/half.hpp>

namespace hdp {
namespace {

template <class Stored>
Stored load(const std::byte* at) {
  Stored value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class Stored, class Convert>
void widen_each(std::span<const std::byte> bytes, std::span<double> out, Convert convert) {
  const std::byte* from = bytes.data();
  double* const to = out.data();
  const std::size_t count = out.size();
  for (std::size_t i = 0; i < count; ++i) to[i] = convert(load<Stored>(from + i * sizeof(Stored)));
}

template <class Stored>
void widen_plain(std::span<const std::byte> bytes, std::span<double> out) {
  widen_each<Stored>(bytes, out, [](Stored value) { return static_cast<double>(value); });
}

/// A value is not finite where all bits of `exponent` are set.
template <class Bits>
std::optional<std::size_t> first_with(Bits exponent, std::span<const std::byte> bytes) {
  constexpr std::size_t kBlock = 4096;
  const std::size_t count = bytes.size() / sizeof(Bits);
  const auto hit = [&](std::size_t i) {
    return (load<Bits>(bytes.data() + i * sizeof(Bits)) & exponent) == exponent;
  };
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const std::size_t end = std::min(count, begin + kBlock);
    Bits any = 0;
    for (std::size_t i = begin; i < end; ++i) any = static_cast<Bits>(any | Bits{hit(i)});
    if (any == 0) continue;
    while (!hit(begin)) ++begin;
    return begin;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ElementType> element_type_of(std::string_view name) {
  const auto& names = EnumNames<ElementType>::kNames;
  const auto* const found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<ElementType>(found - names.begin());
}

void widen(ElementType type, std::span<const std::byte> bytes, std::span<double> out) {
  HDP_CHECK(bytes.size() == out.size() * size_of(type), "bytes and elements disagree");
  switch (type) {
    case ElementType::F16:
      return widen_each<std::uint16_t>(bytes, out, widen_f16);
    case ElementType::BF16:
      return widen_each<std::uint16_t>(bytes, out, [](std::uint16_t code) {
        return static_cast<double>(std::bit_cast<float>(std::uint32_t{code} << 16U));
      });
    case ElementType::F32:
      return widen_plain<float>(bytes, out);
    case ElementType::F64:
      return widen_plain<double>(bytes, out);
    case ElementType::I8:
      return widen_plain<std::int8_t>(bytes, out);
    case ElementType::I16:
      return widen_plain<std::int16_t>(bytes, out);
    case ElementType::I32:
      return widen_plain<std::int32_t>(bytes, out);
  }
  HDP_CHECK(false, "no such element type");
}

std::optional<std::size_t> first_not_finite(ElementType type, std::span<const std::byte> bytes) {
  switch (type) {
    case ElementType::F16:
      return first_with<std::uint16_t>(0x7c00U, bytes);
    case ElementType::BF16:
      return first_with<std::uint16_t>(0x7f80U, bytes);
    case ElementType::F32:
      return first_with<std::uint32_t>(0x7f800000U, bytes);
    case ElementType::F64:
      return first_with<std::uint64_t>(0x7ff0000000000000U, bytes);
    case ElementType::I8:
    case ElementType::I16:
    case ElementType::I32:
      break;
  }
  return std::nullopt;
}

}  // namespace hdp
