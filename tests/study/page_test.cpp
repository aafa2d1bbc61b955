// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "study/page_commands.hpp"
#include "support/temporary_folder.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/output.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/study/page.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Json = nlohmann::json;

const Catalog& catalog() {
  static const Catalog shipped({fs::path(HDP_SOURCE_DIR) / "configs"});
  return shipped;
}

constexpr const char* kSweep =
    R"({"format": "sweep-1", "machine": ["m", "n"], "workload": ["w"], "axes": [
  {"path": "a", "values": [1]}, {"zip": [{"path": "b", "values": ["x"]},
   {"path": "c", "values": [null]}]}]})";
constexpr const char* kRefused =
    R"({"point": 7, "set": {"a": 1, "b": "x", "c": null}, "status": "no room", "machine": "n",
 "workload": {"name": "w"}})";

class PageTest : public test::TemporaryFolder {
 protected:
  void put(const std::string& file, std::string text) {
    std::ranges::replace(text, '\n', ' ');
    write_file(folder_ / file, text);
  }
  Json page(const std::vector<std::string>& folders) {
    PageData data;
    read_page(folders, catalog(), data);
    return Json::parse(data.text());
  }
  std::string mistake(const std::vector<std::string>& folders) {
    try {
      (void)page(folders);
    } catch (const UserError& error) {
      return error.what();
    }
    return "taken";
  }
};

TEST_F(PageTest, AFolderOfNothingIsRefusedWithWhatIsAllowed) {
  const std::string rest =
      "; allowed: a folder that hdpsim run, compare, ablate or sweep wrote with --out "
      "(report.json, table.json, or sweep.json)";
  EXPECT_EQ(mistake({folder_}), folder_.string() + ": holds no results" + rest);
  EXPECT_EQ(mistake({folder_ / "none"}), (folder_ / "none").string() + ": no such folder" + rest);
  put("file", "x");
  EXPECT_EQ(mistake({folder_ / "file"}), (folder_ / "file").string() + ": is no folder" + rest);
}

TEST_F(PageTest, ASweepHasItsAxesAndItsRefusedPoints) {
  put("sweep.json", kSweep);
  put("points.jsonl", kRefused);
  const Json read = page({folder_});
  const Json& study = read.at("studies")[0];
  EXPECT_EQ(study.at("command"), "hdpsim run " + folder_.string() + " --point");
  EXPECT_EQ(study.at("axes")[0].at("paths"), std::vector<std::string>{"machine"});
  EXPECT_EQ(study.at("axes")[2].at("paths"), (std::vector<std::string>{"b", "c"}));
  const Json& point = read.at("points")[0];
  EXPECT_EQ(point.at("number"), 7);
  EXPECT_EQ(point.at("status"), "no room");
  EXPECT_EQ(point.at("axes"), Json::parse(R"(["n", 1, "x", null])"));
}

TEST_F(PageTest, AFolderIsReadOnce) {
  put("sweep.json", kSweep);
  put("points.jsonl", kRefused);
  EXPECT_THAT(mistake({folder_, folder_ / "."}), HasSubstr("is given twice"));
}

TEST_F(PageTest, WhatNoSweepWroteIsRefusedWithItsPlace) {
  const std::string lines = (folder_ / "points.jsonl").string();
  put("sweep.json", kSweep);
  EXPECT_THAT(mistake({folder_}), HasSubstr("points.jsonl: cannot open: No such file"));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = kRefused;
    put("points.jsonl", text.replace(text.find(from), from.size(), to));
    return mistake({folder_});
  };
  EXPECT_THAT(with("\"b\"", "\"d\""), HasSubstr(lines + ":1: set.b: is missing"));
  EXPECT_THAT(with("7", "\"7\""), HasSubstr(lines + ":1: point: is missing"));
  EXPECT_THAT(with("no room", "ok"), HasSubstr(lines + ":1: format: is missing"));
  EXPECT_THAT(with("{\"point\"", "[{\"point\""), HasSubstr(lines + ":1:"));
  for (const char* sweep :
       {"[]", "{}", R"({"format": "sweep-2"})", R"({"format": "sweep-1", "machine": "m"})",
        R"({"format": "sweep-1", "machine": ["m"], "axes": [{"zip": []}]})",
        R"({"format": "sweep-1", "machine": ["m"], "axes": [5]})",
        R"({"format": "sweep-1", "machine": ["m"], "axes": []})"}) {
    put("sweep.json", sweep);
    EXPECT_THAT(mistake({folder_}), HasSubstr("sweep.json")) << sweep;
  }
}

TEST_F(PageTest, WhatNoTableWroteIsRefused) {
  put("table.json", R"({"format": "table-1", "rows": []})");
  EXPECT_THAT(mistake({folder_}), HasSubstr("is no table; allowed: one of format table-2"));
  put("table.json", R"({"format": "table-2", "rows": [{"machine": "m"}]})");
  EXPECT_THAT(mistake({folder_}), HasSubstr("rows[0]: is no row of a table"));
}

TEST(ShellWordTest, AWordIsOneWordWhateverItHolds) {
  EXPECT_EQ(shell_word("a/b.json"), "a/b.json");
  EXPECT_EQ(shell_word("prune.rho=-0.5"), "prune.rho=-0.5");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("it's $(x)"), "'it'\\''s $(x)'");
}

class PageCommandsTest : public ::testing::Test {
 protected:
  static std::string command(const std::string& name, const std::vector<std::string>& changes,
                             const std::string& baseline = "same") {
    const auto machine = resolve_machine(catalog(), name, changes);
    PagePoint point;
    TableRow& row = point.row;
    row.machine = machine->name();
    row.workload = "minilm_sotu_n64";
    row.baseline = baseline;
    row.config = *parse_facts(machine->text(), {}).as<Facts>();
    row.config_sha256 = sha256_hex(machine->text());
    row.workload_facts = resolve_workload(catalog(), row.workload).facts();
    return PageCommands(catalog(), machine_kinds()).of(point, "config.json");
  }
};

TEST_F(PageCommandsTest, AMachineThatIsKnownIsNamedWithItsChanges) {
  EXPECT_EQ(command("hdp_edge", {}), "hdpsim run hdp_edge -w minilm_sotu_n64");
  EXPECT_EQ(command("hdp_edge", {"prune.importance=signed", "prune.rho=0.5"}),
            "hdpsim run hdp_edge -w minilm_sotu_n64 --set prune.rho=0.5 "
            "--set prune.importance=signed");
  // A memory brings all of its settings with it.
  EXPECT_EQ(command("hdp_edge", {"memory.model=hbm2_2000"}, ""),
            "hdpsim run hdp_edge -w minilm_sotu_n64 --set memory.model=hbm2_2000 --baseline none");
  EXPECT_EQ(command("hdp_edge", {}, "dense"),
            "hdpsim run hdp_edge -w minilm_sotu_n64 --baseline dense");
}

TEST_F(PageCommandsTest, OtherMachinesComeFromTheirFile) {
  EXPECT_EQ(command("hdp_edge", {"name=mine"}), "hdpsim run config.json -w minilm_sotu_n64");
  PagePoint point;
  TableRow& row = point.row;
  row.machine = "hdp_edge";
  row.workload = "w";
  EXPECT_EQ(PageCommands(catalog(), machine_kinds()).of(point, "config.json"), "");
  // The digest is of another text: what the settings say is not what was run.
  row.config = {{"kind", "hdp"}};
  row.config_sha256 = "0";
  row.baseline = "same";
  EXPECT_EQ(PageCommands(catalog(), machine_kinds()).of(point, "a b.json"),
            "hdpsim run 'a b.json' -w w");
}

}  // namespace
}  // namespace hdp
