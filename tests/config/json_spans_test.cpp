// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <hdp/config/facts_text.hpp>
#include <hdp/config/json_spans.hpp>

namespace hdp::test {
namespace {

std::string text_at(const std::string& text, const JsonSpan& span) {
  return text.substr(span.begin, span.end - span.begin);
}

/// Every value of the text stands where its span says.
void expect_spans(const std::string& text, const Fact& fact, const JsonSpan& span) {
  EXPECT_EQ(parse_facts(text_at(text, span), ""), fact);
  std::vector<const Fact*> members;
  if (const auto* group = fact.as<Facts>())
    for (const NamedFact& member : *group) members.push_back(&member.value);
  if (const auto* list = fact.as<Fact::List>())
    for (const Fact& item : *list) members.push_back(&item);
  ASSERT_EQ(span.members.size(), members.size()) << text;
  for (std::size_t i = 0; i < members.size(); ++i) expect_spans(text, *members[i], span.members[i]);
}

TEST(JsonSpansTest, EveryValueStandsWhereItsSpanSays) {
  for (const std::string text : {"{}", " [ ] ", "7", "\t\"a\\\"b\\\\\"\n",
                                 "{\"a\" : [1,2 , 3e5,-0.5]\r\n,\"b,}\":{\"c\":null}}",
                                 "[[[]],{\"\":true},[false ,\"]\"]]", "\xef\xbb\xbf{\"x\": 1}"})
    expect_spans(text, parse_facts(text, ""), json_spans(text));
}

TEST(JsonSpansTest, AMemberStartsAtItsKey) {
  const std::string text = R"({ "a" : 1, "b": [2]})";
  const JsonSpan root = json_spans(text);
  EXPECT_EQ(text.substr(root.members[1].start), R"("b": [2]})");
  EXPECT_EQ(text.substr(root.members[1].members[0].start), "2]}");
}

class JsonEditTest : public testing::Test {
 protected:
  const std::string text_ = R"({
    "a": 1.50,
    "list": [1,2,   3],
    "empty": [],
    "b": {"x": 1, "y": 2,
          "z": 3}
}
)";
  JsonEdit edit_{text_};
  [[nodiscard]] const JsonSpan& at(std::size_t i) const { return edit_.root().members[i]; }
};

TEST_F(JsonEditTest, NothingMovesButWhatIsReplaced) {
  EXPECT_EQ(edit_.take(), text_);
  edit_.replace(at(3).members[1], "200");
  edit_.replace(at(1).members[0], "-1");
  EXPECT_EQ(edit_.take(), R"({
    "a": 1.50,
    "list": [-1,2,   3],
    "empty": [],
    "b": {"x": 1, "y": 200,
          "z": 3}
}
)");
}

TEST_F(JsonEditTest, MembersGoWithTheirCommas) {
  edit_.erase(at(3), {true, false, true});
  edit_.replace(at(3).members[1], "4");
  edit_.erase(at(1), {false, true, true});
  EXPECT_EQ(edit_.take(), R"({
    "a": 1.50,
    "list": [1],
    "empty": [],
    "b": {"y": 4}
}
)");
}

TEST_F(JsonEditTest, AGroupMayLoseAllOrNothing) {
  edit_.erase(at(3), {true, true, true});
  edit_.erase(at(2), {});
  edit_.erase(at(1), {false, false, false});
  EXPECT_EQ(edit_.take(), R"({
    "a": 1.50,
    "list": [1,2,   3],
    "empty": [],
    "b": {}
}
)");
}

TEST_F(JsonEditTest, AMemberIsAddedWithTheIndentationOfTheText) {
  EXPECT_EQ(edit_.indent(), 4);
  edit_.append(at(1), 1, "{\n    \"n\": 1\n}");
  edit_.append(at(2), 1, "5");
  EXPECT_EQ(edit_.take(), R"({
    "a": 1.50,
    "list": [1,2,   3,
        {
            "n": 1
        }],
    "empty": [
        5
    ],
    "b": {"x": 1, "y": 2,
          "z": 3}
}
)");
}

TEST(JsonEditOfALineTest, StaysALine) {
  JsonEdit edit(R"({"a": [1], "b": []})");
  EXPECT_EQ(edit.indent(), -1);
  edit.append(edit.root().members[0], 1, "2");
  edit.append(edit.root().members[1], 1, "3");
  EXPECT_EQ(edit.take(), R"({"a": [1, 2], "b": [3]})");
}

/// Any settings, in any indentation, of which members go and values change.
RC_GTEST_PROP(JsonEditProperty, IsWhatTheSameChangeOfTheValuesIs, (std::uint64_t seed)) {
  const auto indent = static_cast<int>(seed % 4) - 1;
  Facts group, kept;
  std::vector<bool> gone;
  for (std::size_t i = 0; i < 1 + seed % 7; ++i) {
    const std::string name(1 + i, static_cast<char>('a' + i));
    group.append(name, Fact::List{static_cast<std::int64_t>(i), "\"]},"});
    gone.push_back((seed >> (8 + i) & 1U) != 0);
  }
  JsonEdit edit(facts_text(Facts{{"g", group}, {"h", 1}}, indent));
  const JsonSpan& span = edit.root().members[0];
  edit.erase(span, gone);
  for (std::size_t i = 0; i < gone.size(); ++i) {
    if (gone[i]) continue;
    const NamedFact& member = *(group.begin() + i);
    const bool replaced = (seed >> (16 + i) & 1U) != 0;
    kept.append(member.name, replaced ? Fact(i) : member.value);
    if (replaced) edit.replace(span.members[i], std::to_string(i));
  }
  RC_ASSERT(parse_facts(edit.take(), "") == Fact(Facts{{"g", kept}, {"h", 1}}));
}

}  // namespace
}  // namespace hdp::test
