// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/base/error.hpp>
#include <hdp/workload/element_type.hpp>

namespace hdp {
namespace {

using test::bytes_of;

template <class Stored>
std::vector<double> widened(ElementType type, const std::vector<Stored>& stored) {
  std::vector<double> out(stored.size());
  widen(type, bytes_of(stored), out);
  return out;
}

template <class Stored>
std::optional<std::size_t> not_finite(ElementType type, const std::vector<Stored>& stored) {
  return first_not_finite(type, bytes_of(stored));
}

TEST(ElementTypeTest, NamesAndSizesAreThoseOfSafetensors) {
  const std::vector<std::size_t> sizes{2, 2, 4, 8, 1, 2, 4};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const auto type = static_cast<ElementType>(i);
    EXPECT_EQ(size_of(type), sizes[i]);
    EXPECT_EQ(element_type_of(name_of(type)), type);
  }
  EXPECT_EQ(name_of(ElementType::BF16), "BF16");
  EXPECT_EQ(element_type_of("U8"), std::nullopt);
}

TEST(ElementTypeTest, EveryTypeWidensExactly) {
  using Doubles = std::vector<double>;
  EXPECT_EQ(widened<std::uint16_t>(ElementType::F16, {0x3c00, 0xc100, 0x0001}),
            (Doubles{1.0, -2.5, 0x1p-24}));
  EXPECT_EQ(widened<std::uint16_t>(ElementType::BF16, {0x3f80, 0xc020, 0x0001}),
            (Doubles{1.0, -2.5, 0x1p-133}));
  EXPECT_EQ(widened<float>(ElementType::F32, {0.1F, -3.0F}), (Doubles{double{0.1F}, -3.0}));
  EXPECT_EQ(widened<double>(ElementType::F64, {0.1, -3.0}), (Doubles{0.1, -3.0}));
  EXPECT_EQ(widened<std::int8_t>(ElementType::I8, {-128, 127}), (Doubles{-128, 127}));
  EXPECT_EQ(widened<std::int16_t>(ElementType::I16, {-32768, 9}), (Doubles{-32768, 9}));
  EXPECT_EQ(widened<std::int32_t>(ElementType::I32, {-2147483647, 5}), (Doubles{-2147483647, 5}));
}

TEST(ElementTypeTest, BytesNeedNotBeAligned) {
  std::vector<std::byte> bytes = bytes_of(std::vector<double>{1.5, -2.0});
  bytes.insert(bytes.begin(), std::byte{0xff});
  std::vector<double> out(2);
  widen(ElementType::F64, std::span(bytes).subspan(1), out);
  EXPECT_EQ(out, (std::vector<double>{1.5, -2.0}));
}

TEST(ElementTypeTest, ASizeThatDoesNotFitIsOurFault) {
  std::vector<double> out(2);
  EXPECT_THROW(widen(ElementType::F16, bytes_of("abc"), out), LogicFault);
}

TEST(ElementTypeTest, TheFirstValueThatIsNotFiniteIsFound) {
  std::vector<std::uint16_t> halves(10'000, 0x7bff);
  EXPECT_EQ(not_finite(ElementType::F16, halves), std::nullopt);
  halves[9'999] = 0xfc00;
  EXPECT_EQ(not_finite(ElementType::F16, halves), 9'999U);
  halves[4'096] = 0x7c01;
  EXPECT_EQ(not_finite(ElementType::F16, halves), 4'096U);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(not_finite<std::uint16_t>(ElementType::BF16, {0x7f7f, 0xff80}), 1U);
  EXPECT_EQ(not_finite<float>(ElementType::F32, {3e38F, 0, -kInfinity}), 2U);
  EXPECT_EQ(not_finite<double>(ElementType::F64, {1e308, std::nan("")}), 1U);
  EXPECT_EQ(not_finite<std::int16_t>(ElementType::I16, {0x7c00, -1}), std::nullopt);
}

}  // namespace
}  // namespace hdp
