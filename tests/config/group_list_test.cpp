// SPDX-License-Identifier: Apache-2.0
// Lists of groups: tables in a configuration.
#include <tuple>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "config/sample.hpp"
#include "config/schema_check.hpp"
#include <hdp/config/assign.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/schema.hpp>
#include <hdp/config/write.hpp>

namespace hdp::test {
namespace {

struct Row {
  std::int64_t width = 8;
  double price = 0.5;
  bool operator==(const Row&) const = default;
  static constexpr auto kFields =
      std::tuple{Field{&Row::width, "width", "bits", "Of an operand.", Range{1, 64}},
                 Field{&Row::price, "price", "pJ", "Of a product."}};
};

struct Section {
  std::string name = "none";
  std::vector<Row> rows;
  static constexpr auto kFields = std::tuple{Field{&Section::name, "name", "", "Its name."},
                                             Field{&Section::rows, "rows", "", "Its rows."}};
};

struct Table {
  std::vector<Row> rows{Row{}};
  std::vector<Section> sections;
  static constexpr auto kFields = std::tuple{Field{&Table::rows, "rows", "", "Rows."},
                                             Field{&Table::sections, "sections", "", "Sections."}};
};

Table table_in(const std::string& text) {
  Table table;
  read_settings(table, text, "t.json");
  return table;
}

TEST(GroupListTest, ATextReplacesTheWholeList) {
  EXPECT_EQ(table_in("{}").rows, std::vector{Row{}});
  EXPECT_EQ(table_in(R"({"rows": []})").rows, std::vector<Row>{});
  EXPECT_EQ(table_in(R"({"rows": [{"price": 2}, {"width": 4}]})").rows,
            (std::vector{Row{8, 2}, Row{4, 0.5}}));
}

TEST(GroupListTest, IsWrittenARowALineAndReadBack) {
  Table table;
  table.sections = {{"a", {{4, 1}, {8, 2}}}, {}};
  const std::string text = write_settings(table);
  EXPECT_EQ(text, R"({
  "rows": [
    {"width": 8, "price": 0.5}
  ],
  "sections": [
    {
      "name": "a",
      "rows": [
        {"width": 4, "price": 1.0},
        {"width": 8, "price": 2.0}
      ]
    },
    {
      "name": "none",
      "rows": []
    }
  ]
}
)");
  EXPECT_EQ(write_settings(table_in(text)), text);
}

TEST(GroupListTest, IsSetAsAWhole) {
  Table table;
  set_value(table, R"(rows=[{"width": 3}])");
  EXPECT_EQ(table.rows, (std::vector{Row{3, 0.5}}));
  EXPECT_EQ(error_of([&] { set_value(table, "rows.0.width=3"); }),
            "rows.0.width: rows is a single value");
}

TEST(GroupListTest, MistakesSayWhere) {
  EXPECT_EQ(error_of([] { table_in(R"({"rows": [{}, {"width": 0}]})"); }),
            "t.json: /rows/1/width: 0 is outside [1, 64] [bits]");
  EXPECT_EQ(error_of([] { table_in(R"({"rows": [{"wide": 1}]})"); }),
            "t.json: /rows/0/wide: no such setting; did you mean 'width'?");
  EXPECT_EQ(error_of([] { table_in(R"({"rows": {}})"); }),
            "t.json: /rows: {...} is a group, expected a list of groups");
}

TEST(GroupListTest, TheSchemaIsAsStrictAsTheReader) {
  const nlohmann::json schema = nlohmann::json::parse(write_schema<Table>("a table"));
  EXPECT_TRUE(is_valid(nlohmann::json::parse(write_settings(Table{})), schema));
  EXPECT_FALSE(is_valid(nlohmann::json::parse(R"({"rows": [{"width": 0}]})"), schema));
  EXPECT_FALSE(is_valid(nlohmann::json::parse(R"({"rows": [{"wide": 1}]})"), schema));
  EXPECT_FALSE(is_valid(nlohmann::json::parse(R"({"rows": {}})"), schema));
}

}  // namespace
}  // namespace hdp::test
