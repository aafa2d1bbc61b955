// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <hdp/base/log.hpp>

namespace hdp {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class Lines final : public LogSink {
 public:
  explicit Lines(LogLevel least) : least_(least) {}
  [[nodiscard]] bool enabled(LogLevel level) const override { return level >= least_; }
  void log(LogLevel level, std::string_view message) override {
    lines.emplace_back(level, message);
  }

  std::vector<std::pair<LogLevel, std::string>> lines;

 private:
  LogLevel least_;
};

void say_everything(const Log& log, int& made) {
  const auto text = [&](const char* what) {
    return [&made, what] {
      ++made;
      return std::string(what);
    };
  };
  log.debug(text("d"));
  log.info(text("i"));
  log.warning(text("w"));
  log.error(text("e"));
}

TEST(Log, WithoutASinkNoMessageIsMade) {
  int made = 0;
  say_everything(Log(), made);
  say_everything(Log(nullptr), made);
  EXPECT_EQ(made, 0);
  EXPECT_FALSE(Log().enabled(LogLevel::Error));
}

TEST(Log, AMessageIsMadeWhereItsLevelIsTaken) {
  Lines sink(LogLevel::Warning);
  int made = 0;
  say_everything(Log(&sink), made);
  EXPECT_EQ(made, 2);
  EXPECT_THAT(sink.lines, ElementsAre(Pair(LogLevel::Warning, "w"), Pair(LogLevel::Error, "e")));
  EXPECT_FALSE(Log(&sink).enabled(LogLevel::Info));
  EXPECT_TRUE(Log(&sink).enabled(LogLevel::Error));
}

TEST(Log, ACopyWritesToTheSameSink) {
  Lines sink(LogLevel::Debug);
  const Log log(&sink);
  const Log copy = log;  // NOLINT(performance-unnecessary-copy-initialization)
  copy.debug([] { return "a literal"; });
  EXPECT_THAT(sink.lines, ElementsAre(Pair(LogLevel::Debug, "a literal")));
}

TEST(Log, AMessageStaysOneLine) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"two\nlines", "two\\nlines"},
      {"red \x1b[31m", "red \\x1b[31m"},
      {std::string("a\0b\r\x7f", 5), "a\\x00b\\x0d\\x7f"},
      {"C1 \xc2\x9b, \xc2\x85", "C1 \\u009b, \\u0085"},
      {"\xc3\xa9 \xc2\xa0 {} %s", "\xc3\xa9 \xc2\xa0 {} %s"},
      {"cut \xc2", "cut \\xc2"},
      {"", ""}};
  for (const auto& [text, line] : cases) {
    Lines sink(LogLevel::Debug);
    Log(&sink).info([said = text] { return said; });
    EXPECT_THAT(sink.lines, ElementsAre(Pair(LogLevel::Info, line)));
  }
}

}  // namespace
}  // namespace hdp
