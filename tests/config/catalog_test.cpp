// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/sample.hpp"
#include <hdp/base/output.hpp>
#include <hdp/config/catalog.hpp>

namespace hdp::test {
namespace {

namespace fs = std::filesystem;

class CatalogTest : public ::testing::Test {
 protected:
  CatalogTest() {
    for (const char* file :
         {"a/machines/dense.json", "a/workloads/bert.safetensors", "a/workloads/rows.csv",
          "a/machines/readme.md", "a/machines/notes.csv", "b/machines/dense.json",
          "b/machines/hdp_edge.json", "b/workloads/bert.json"}) {
      make_folder((base_ / file).parent_path());
      write_file(base_ / file, "{}");
    }
  }
  ~CatalogTest() override { fs::remove_all(base_); }

  [[nodiscard]] std::string mistake_in(std::string_view kind, std::string_view name) const {
    return error_of([&] { (void)catalog_.find(kind, name); });
  }

  fs::path base_ = fs::path(::testing::TempDir()) /
                   ::testing::UnitTest::GetInstance()->current_test_info()->name();
  Catalog catalog_{{base_ / "absent", base_ / "a", base_ / "b"}};
};

TEST_F(CatalogTest, TheFirstRootThatHasTheNameWins) {
  EXPECT_EQ(catalog_.find("machines", "dense"), base_ / "a/machines/dense.json");
  EXPECT_EQ(catalog_.find("machines", "hdp_edge"), base_ / "b/machines/hdp_edge.json");
}

TEST_F(CatalogTest, WorkloadsMayBeTensorsOrTables) {
  EXPECT_EQ(catalog_.find("workloads", "bert"), base_ / "a/workloads/bert.safetensors");
  EXPECT_EQ(catalog_.find("workloads", "rows"), base_ / "a/workloads/rows.csv");
}

TEST_F(CatalogTest, NamesAreSortedAndUnique) {
  EXPECT_EQ(catalog_.names("machines"), (std::vector<std::string>{"dense", "hdp_edge"}));
  EXPECT_EQ(catalog_.names("workloads"), (std::vector<std::string>{"bert", "rows"}));
  EXPECT_TRUE(catalog_.names("memories").empty());
}

TEST_F(CatalogTest, AnUnknownNameListsTheKnownOnes) {
  EXPECT_EQ(mistake_in("machines", "hdp_egde"),
            "hdp_egde: neither a name in machines nor a file; allowed: dense, hdp_edge; "
            "did you mean 'hdp_edge'?");
  EXPECT_EQ(mistake_in("memories", "x"), "x: neither a name in memories nor a file");
  EXPECT_EQ(mistake_in("machines", ""),
            "machines: \"\" is neither a name in machines nor a file; allowed: dense, hdp_edge");
}

TEST_F(CatalogTest, APathComesBackUnchanged) {
  const std::string path = (base_ / "b/machines/../machines/dense.json").string();
  EXPECT_EQ(catalog_.find("machines", path), path);
  EXPECT_EQ(mistake_in("machines", path + "x"), path + "x: no such file");
  EXPECT_EQ(mistake_in("machines", "dense.json"), "dense.json: no such file");
  EXPECT_EQ(mistake_in("machines", base_.string()), base_.string() + ": is no regular file");
}

TEST_F(CatalogTest, ANameHoldsNoDots) {
  EXPECT_EQ(mistake_in("machines", ".."), "..: a name in machines holds no '..'");
  EXPECT_EQ(mistake_in("machines", "a..b"), "a..b: a name in machines holds no '..'");
}

}  // namespace
}  // namespace hdp::test
