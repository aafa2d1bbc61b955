// SPDX-License-Identifier: Apache-2.0
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/workload/safetensors.hpp>

namespace hdp {
namespace {

using test::bytes_of;
using test::error_of;
using test::raw_file;

std::string error_in(const std::vector<std::byte>& file) {
  return error_of([&] { return Safetensors::parse(file, "f"); });
}

struct Malformed {
  std::string header;
  std::size_t data_size;
  std::string message;
  friend void PrintTo(const Malformed& file, std::ostream* out) { *out << file.header; }
};

class MalformedHeaderTest : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedHeaderTest, IsRefusedWithOneLine) {
  EXPECT_EQ(error_in(raw_file(GetParam().header, GetParam().data_size)), GetParam().message);
}

constexpr const char* kWhole = "; allowed: whole numbers from 0 to 2^63-1";

std::string entry(std::string_view shape, std::string_view offsets) {
  return std::string(R"({"dtype":"F16","shape":)")
      .append(shape)
      .append(R"(,"data_offsets":)")
      .append(offsets)
      .append("}");
}

std::string one(std::string_view shape, std::string_view offsets) {
  return R"({"t":)" + entry(shape, offsets) + "}";
}

INSTANTIATE_TEST_SUITE_P(
    Json, MalformedHeaderTest,
    testing::Values(
        Malformed{"", 0, "f: the header does not begin with '{' at byte 8 of the file"},
        Malformed{" {}", 0, "f: the header does not begin with '{' at byte 8 of the file"},
        Malformed{"[]", 0, "f: the header does not begin with '{' at byte 8 of the file"},
        Malformed{"{", 0, "f: the header is not valid JSON at byte 9 of the file"},
        Malformed{"{}x", 0, "f: the header is not valid JSON at byte 10 of the file"},
        Malformed{"{\"a\xff\":1}", 0, "f: the header is not valid JSON at byte 11 of the file"},
        Malformed{R"({"a":1e999})", 0, "f: the header is not valid JSON at byte 17 of the file"},
        Malformed{R"({"a":null})", 0,
                  "f: header: 'a' is null; allowed: an object with dtype, shape, data_offsets"},
        Malformed{R"({"__metadata__":[]})", 0,
                  "f: header: '__metadata__' is an array; allowed: an object of strings"},
        Malformed{R"({"__metadata__":{"a":true}})", 0,
                  "f: __metadata__: 'a' is true; allowed: a string"},
        Malformed{R"({"__metadata__":{"a":{}}})", 0,
                  "f: __metadata__: 'a' is an object; allowed: a string"},
        Malformed{R"({"__metadata__":{"a":"1","a":"2"}})", 0,
                  "f: __metadata__: the key 'a' comes twice"},
        Malformed{R"({"__metadata__":{},"__metadata__":{}})", 0,
                  "f: header: the key '__metadata__' comes twice"},
        Malformed{R"({"t":)" + entry("[0]", "[0,0]") + R"(,"t":)" + entry("[0]", "[0,0]") + "}", 0,
                  "f: header: the key 't' comes twice"}));

INSTANTIATE_TEST_SUITE_P(
    Tensor, MalformedHeaderTest,
    testing::Values(
        Malformed{R"({"t":{}})", 0, "f: tensor 't': has no dtype"},
        Malformed{R"({"t":{"dtype":"F16","data_offsets":[0,0]}})", 0,
                  "f: tensor 't': has no shape"},
        Malformed{R"({"t":{"dtype":"F16","shape":[0]}})", 0, "f: tensor 't': has no data_offsets"},
        Malformed{R"({"t":{"dtype":"F16","dtype":"F16"}})", 0,
                  "f: tensor 't': the key 'dtype' comes twice"},
        Malformed{R"({"t":{"dtpye":"F16"}})", 0,
                  "f: tensor 't': unknown key 'dtpye'; allowed: dtype, shape, data_offsets; did "
                  "you mean 'dtype'?"},
        Malformed{R"({"t":{"dtype":"BF61"}})", 0,
                  "f: tensor 't': unknown dtype 'BF61'; allowed: F16, BF16, F32, F64, I8, I16, "
                  "I32; did you mean 'BF16'?"},
        Malformed{R"({"t":{"dtype":16}})", 0, "f: tensor 't': dtype is 16; allowed: a string"},
        Malformed{R"({"t":{"dtype":[]}})", 0,
                  "f: tensor 't': dtype is an array; allowed: a string"},
        Malformed{R"({"t":{"shape":"3"}})", 0,
                  "f: tensor 't': shape is the string '3'; allowed: an array of whole numbers"},
        Malformed{R"({"t":{"shape":{}}})", 0,
                  "f: tensor 't': shape is an object; allowed: an array of whole numbers"},
        Malformed{one("[[1]]", "[0,0]"), 0,
                  std::string("f: tensor 't': shape has an array") + kWhole},
        Malformed{one("[\"1\"]", "[0,0]"), 0,
                  std::string("f: tensor 't': shape has the string '1'") + kWhole},
        Malformed{one("[1.5]", "[0,0]"), 0, std::string("f: tensor 't': shape has 1.5") + kWhole},
        Malformed{one("[-1]", "[0,0]"), 0, std::string("f: tensor 't': shape has -1") + kWhole},
        Malformed{one("[9223372036854775808]", "[0,0]"), 0,
                  std::string("f: tensor 't': shape has 9223372036854775808") + kWhole},
        Malformed{one("[1,1,1,1,1,1,1,1,1]", "[0,0]"), 0,
                  "f: tensor 't': more than 8 dimensions; allowed: 1 to 8"},
        Malformed{one("[1]", "[0]"), 2,
                  "f: tensor 't': data_offsets has too few numbers; allowed: 2 numbers"},
        Malformed{one("[1]", "[0,1,2]"), 2,
                  "f: tensor 't': data_offsets has more than 2 numbers; allowed: 2 numbers"},
        Malformed{one("[1]", "[-1,1]"), 2,
                  std::string("f: tensor 't': data_offsets has -1") + kWhole}));

INSTANTIATE_TEST_SUITE_P(
    Layout, MalformedHeaderTest,
    testing::Values(
        Malformed{one("[4611686018427387904,4]", "[0,0]"), 0,
                  "f: tensor 't': shape [4611686018427387904, 4] overflows; allowed: at most "
                  "2^63-1 bytes"},
        Malformed{one("[1000000000000]", "[0,4]"), 4,
                  "f: tensor 't': data_offsets [0, 4] do not fit F16 of shape [1000000000000] "
                  "[bytes]; allowed: a difference of 2000000000000"},
        Malformed{one("[1]", "[2,0]"), 2,
                  "f: tensor 't': data_offsets [2, 0] are reversed [bytes]; allowed: begin <= end"},
        Malformed{one("[2]", "[0,4]"), 2,
                  "f: tensor 't': data_offsets [0, 4] leave the file [bytes]; allowed: at most 2"},
        Malformed{one("[1]", "[2,4]"), 4,
                  "f: tensor 't': leaves a hole before offset 2; allowed: to begin at 0"},
        Malformed{one("[1]", "[0,2]"), 5, "f: 3 bytes after the last tensor belong to none"},
        Malformed{"{}", 1, "f: 1 bytes after the last tensor belong to none"},
        Malformed{R"({"a":)" + entry("[2]", "[0,4]") + R"(,"b":)" + entry("[1]", "[2,4]") + "}", 4,
                  "f: tensor 'b': overlaps another tensor at offset 2; allowed: to begin at 4"}));

TEST(SafetensorsTest, AFileShorterThanItsLengthFieldIsRefused) {
  EXPECT_EQ(error_in({}),
            "f: 0 bytes are too few for a safetensors file; allowed: 8 bytes of header length, a "
            "JSON header, the data");
  EXPECT_NE(error_in(bytes_of("1234567")), "");
}

TEST(SafetensorsTest, AHeaderLengthBeyondTheFileOrTheFormatIsRefused) {
  EXPECT_EQ(error_in(bytes_of(std::string_view("\x03\0\0\0\0\0\0\0{}", 10))),
            "f: header length 3 is too large [bytes]; allowed: at most 2");
  EXPECT_EQ(error_in(bytes_of("\xff\xff\xff\xff\xff\xff\xff\xff{}")),
            "f: header length 18446744073709551615 is too large [bytes]; allowed: at most 2");
  const auto file = raw_file("{" + std::string(100'000'000, ' '), 0);
  EXPECT_EQ(error_in(file),
            "f: header length 100000001 is too large [bytes]; allowed: at most 100000000");
}

TEST(SafetensorsTest, DeepNestingIsRefusedAtTheFirstLevelThatDoesNotBelong) {
  const std::string deep = R"({"t":)" + std::string(1'000'000, '[');
  EXPECT_EQ(error_in(raw_file(deep, 0)),
            "f: header: 't' is an array; allowed: an object with dtype, shape, data_offsets");
}

TEST(SafetensorsTest, AMessageStaysShortAndOnOneLineWhateverTheName) {
  const std::string error = error_in(raw_file(R"({"\n)" + std::string(5'000, 'n') + R"(":{}})", 0));
  EXPECT_EQ(error, "f: tensor '\\n" + std::string(63, 'n') + "...': has no dtype");
}

}  // namespace
}  // namespace hdp
