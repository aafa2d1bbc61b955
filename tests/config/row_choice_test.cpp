// SPDX-License-Identifier: Apache-2.0
#include <tuple>

#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/config/assign.hpp>
#include <hdp/config/field.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/schema.hpp>
#include <hdp/config/write.hpp>

namespace hdp {
namespace {

struct Rows {
  RowChoice rows;
  static constexpr auto kFields = std::tuple{Field{&Rows::rows, "rows", "", "Some rows."}};
};

RowChoice choice_in(const std::string& value) {
  Rows config;
  read_settings(config, R"({"rows": )" + value + "}", "");
  return config.rows;
}

TEST(RowChoiceTest, IsAWordOrAList) {
  EXPECT_EQ(choice_in(R"("eligible")"), (RowChoice{}));
  EXPECT_EQ(choice_in(R"("none")"), (RowChoice{.eligible = false, .rows = {}}));
  EXPECT_EQ(choice_in("[0, 3]").rows, (std::vector<std::int64_t>{0, 3}));
  EXPECT_EQ(choice_in("[]").rows, (std::vector<std::int64_t>{}));
}

TEST(RowChoiceTest, IsWrittenAsItIsRead) {
  for (const char* value : {R"("eligible")", R"("none")", "[0, 3]", "[]"}) {
    Rows config{.rows = choice_in(value)};
    EXPECT_EQ(write_settings(config), std::string("{\n  \"rows\": ") + value + "\n}\n");
  }
}

TEST(RowChoiceTest, IsSetFromTheCommandLine) {
  Rows config;
  set_value(config, "rows=[1,2]");
  EXPECT_EQ(config.rows.rows, (std::vector<std::int64_t>{1, 2}));
  set_value(config, "rows=none");
  EXPECT_EQ(config.rows, (RowChoice{.eligible = false, .rows = {}}));
}

TEST(RowChoiceTest, MistakesSayWhatIsAllowed) {
  const auto message = [](const std::string& value) -> std::string {
    try {
      choice_in(value);
    } catch (const UserError& mistake) {
      return mistake.what();
    }
    return "accepted";
  };
  EXPECT_EQ(message("[2, 2]"),
            "/rows: entry 1 of the list 2 is a number; allowed: numbers of rows from 0, in rising "
            "order");
  EXPECT_EQ(message("[-1]"),
            "/rows: entry 0 of the list -1 is a number; allowed: numbers of rows from 0, in rising "
            "order");
  EXPECT_EQ(message("[1.5]"),
            "/rows: entry 0 of the list 1.5 is a number; allowed: numbers of rows from 0, in "
            "rising order");
  EXPECT_EQ(message("5"), "/rows: 5 is a number; allowed: eligible, none, a list of row numbers");
  EXPECT_EQ(message(R"("nine")"),
            "/rows: \"nine\" is no choice; allowed: eligible, none, a list of row numbers; did you "
            "mean 'none'?");
}

}  // namespace
}  // namespace hdp
