// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/base/error.hpp>
#include <hdp/workload/safetensors.hpp>

namespace hdp {
namespace {

using test::bytes_of;
using test::error_of;
using test::raw_file;

TEST(SafetensorsTest, WhatIsWrittenIsReadBack) {
  const std::vector<std::byte> bytes = bytes_of(std::vector<std::int8_t>{1, 2, 3});
  const std::vector<std::byte> doubles = bytes_of(std::vector<double>{0.5, -4});
  const Metadata metadata{{"model", "m\xc3\xa9"}, {"empty", ""}};
  const std::string text =
      write_safetensors(std::vector<TensorView>{{"b", ElementType::I8, {3}, bytes},
                                                {"a", ElementType::F64, {1, 2}, doubles},
                                                {"none", ElementType::F16, {0, 5}, {}},
                                                {"scalar", ElementType::I8, {}, {bytes.data(), 1}}},
                        metadata);
  const std::vector<std::byte> file = bytes_of(text);
  const Safetensors read = Safetensors::parse(file, "x");
  EXPECT_EQ(read.metadata(), metadata);
  ASSERT_EQ(read.tensors().size(), 4U);
  EXPECT_EQ(read.tensors()[0].name, "a") << "the widest elements come first";
  const TensorView* b = read.find("b");
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(b->type, ElementType::I8);
  EXPECT_EQ(b->shape, std::vector<std::int64_t>{3});
  EXPECT_TRUE(std::ranges::equal(b->bytes, bytes));
  EXPECT_TRUE(std::ranges::equal(read.find("a")->bytes, doubles));
  EXPECT_EQ(read.find("none")->bytes.size(), 0U);
  EXPECT_EQ(read.find("scalar")->bytes.size(), 1U);
  EXPECT_EQ(read.find("c"), nullptr);
  EXPECT_EQ(read.find(""), nullptr);
}

TEST(SafetensorsTest, TheWrittenBytesAreTheseBytes) {
  const std::vector<std::byte> bytes = bytes_of(std::vector<std::int8_t>{'x', 'y'});
  const std::string text =
      write_safetensors(std::vector<TensorView>{{"t", ElementType::I8, {2}, bytes}}, {{"k", "v"}});
  EXPECT_EQ(text, std::string("\x50\0\0\0\0\0\0\0", 8) +
                      R"({"__metadata__":{"k":"v"},"t":{"dtype":"I8","shape":[2],)" +
                      R"("data_offsets":[0,2]}}  )" + "xy");
}

TEST(SafetensorsTest, AFileWithoutTensorsIsAFile) {
  for (const char* header : {"{}", "{}   ", "{ \"__metadata__\" : {} }"}) {
    EXPECT_TRUE(Safetensors::parse(raw_file(header, 0), "x").tensors().empty()) << header;
  }
}

TEST(SafetensorsTest, TensorsComeInTheOrderOfTheirData) {
  const auto file = raw_file(R"({"b":{"dtype":"I8","shape":[2],"data_offsets":[1,3]},)"
                             R"("a":{"data_offsets":[0,1],"shape":[1],"dtype":"I8"}})",
                             3);
  const Safetensors read = Safetensors::parse(file, "x");
  EXPECT_EQ(read.tensors()[0].name, "a");
  EXPECT_EQ(read.tensors()[1].name, "b");
}

TEST(SafetensorsTest, TextThatIsNotUtf8IsNotWritten) {
  EXPECT_EQ(error_of([] {
              return write_safetensors({}, {{"k", "\xff"}});
            }),
            "a tensor name or metadata string is not UTF-8");
}

TEST(SafetensorsTest, ATensorWhoseBytesDoNotFitIsOurFault) {
  const std::vector<TensorView> tensors{{"t", ElementType::F16, {3}, {}}};
  EXPECT_THROW((void)write_safetensors(tensors, {}), LogicFault);
}

}  // namespace
}  // namespace hdp
