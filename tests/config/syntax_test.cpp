// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "config/sample.hpp"
#include <hdp/config/read.hpp>

namespace hdp::test {
namespace {

using namespace std::string_literals;

std::string syntax_error(std::string_view text) {
  return error_of([&] {
    Sample sample;
    read_settings(sample, text, "m.json");
  });
}

/// The error names line and column, and says something after it.
void expect_at(const std::string& text, const std::string& place) {
  const std::string line = syntax_error(text);
  const std::string prefix = "m.json:" + place + ": ";
  EXPECT_EQ(line.substr(0, prefix.size()), prefix);
  EXPECT_GT(line.size(), prefix.size());
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST(SyntaxTest, ErrorsNameLineAndColumn) {
  EXPECT_EQ(syntax_error("{\n  \"seed\": 1,\n}"),
            "m.json:3:1: syntax error while parsing object key - unexpected '}'; "
            "expected string literal");
  expect_at("", "1:1");
  expect_at("{\"seed\" 1}", "1:9");
  expect_at("{\"seed\": 01}", "1:11");
  expect_at("\n\n  nope", "3:4");
  expect_at("{\"seed\": 1", "1:11");
}

TEST(SyntaxTest, GarbageAfterTheValueIsAnError) {
  expect_at("{} {}", "1:4");
  expect_at("{}\n]", "2:1");
  EXPECT_EQ(syntax_error("{}\0rest"s), "m.json:1:3: a zero byte is not JSON");
}

TEST(SyntaxTest, NumbersThatAreNoneAreErrors) {
  expect_at(R"({"clock": NaN})", "1:11");
  expect_at(R"({"clock": Infinity})", "1:11");
  EXPECT_EQ(syntax_error(R"({"clock": 1e999})"), "m.json:1:15: 1e999 is too large");
  EXPECT_EQ(syntax_error(R"({"seed": -1e999})"), "m.json:1:15: -1e999 is too large");
}

TEST(SyntaxTest, CommentsAndBytesThatAreNotUtf8AreErrors) {
  expect_at("{} // done", "1:4");
  expect_at("{\"label\": \"\xff\"}", "1:12");
}

TEST(SyntaxTest, ARepeatedKeyIsAnErrorAtAnyDepth) {
  EXPECT_EQ(syntax_error(R"({"seed": 1, "seed": 1})"), "m.json: /seed: this key stands here twice");
  EXPECT_EQ(syntax_error(R"({"a": [0, {"b": 1, "b": 2}]})"),
            "m.json: /a/1/b: this key stands here twice");
}

TEST(SyntaxTest, DeepNestingIsAnErrorAndNoCrash) {
  EXPECT_EQ(syntax_error(std::string(100'000, '[')), "m.json: nested deeper than 64 levels");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"core\":";
  EXPECT_EQ(syntax_error(objects), "m.json: nested deeper than 64 levels");
  EXPECT_EQ(syntax_error(std::string(64, '[') + std::string(64, ']')),
            "m.json: [...] is a list, expected a group; "
            "allowed: label, seed, budget, clock, core");
}

TEST(SyntaxTest, LongTextsAreCutInMessages) {
  const std::string line = syntax_error("{\"seed\": \"" + std::string(1'000'000, 'x') + "\"}");
  EXPECT_EQ(line,
            "m.json: /seed: \"" + std::string(60, 'x') + "...\" is text, expected an integer");
  EXPECT_LT(syntax_error("{\"" + std::string(1'000'000, 'k') + "\": 1}").size(), 200U);
}

}  // namespace
}  // namespace hdp::test
