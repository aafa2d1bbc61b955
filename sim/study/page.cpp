// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "study/page_commands.hpp"
#include "study/page_sweep.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/output.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/study/page.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAllowed =
    "a folder that hdpsim run, compare, ablate or sweep wrote with --out (report.json, table.json, "
    "or sweep.json)";

bool is_there(const fs::path& file) {
  std::error_code unreachable;
  return fs::exists(file, unreachable);
}

void read_run(const fs::path& folder, const std::string& name, PageCommands& commands,
              PageData& page) {
  const std::string origin = (folder / "report.json").string();
  PagePoint point = page_point(parse_facts(read_text(origin), origin), origin);
  point.command = commands.of(point, (fs::path(name) / "config.json").string());
  page.start({.name = name, .kind = "run"});
  page.add(point);
}

void read_table(const fs::path& folder, const std::string& name, PageCommands& commands,
                PageData& page) {
  const std::string origin = (folder / "table.json").string();
  const std::vector<TableRow> rows = rows_of_table(read_text(origin), origin);
  const bool steps = !rows.empty() && !rows.front().step.empty();
  page.start({.name = name, .kind = steps ? "ablation" : "table"});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    PagePoint point;
    point.number = static_cast<std::int64_t>(i);
    point.row = rows[i];
    // What is saved from the page has this name.
    point.command = commands.of(point, point.row.machine + ".json");
    page.add(point);
  }
}

}  // namespace

void read_page(const std::vector<std::string>& folders, const Catalog& catalog, PageData& page,
               const PageObserver& observer, Kinds kinds) {
  std::set<fs::path> known;
  PageCommands commands(catalog, kinds);
  for (const std::string& name : folders) {
    const fs::path folder = name;
    std::error_code unreachable;
    if (!fs::is_directory(folder, unreachable))
      refuse(name, is_there(folder) ? "is no folder" : "no such folder", kAllowed);
    if (!known.insert(place_of(folder)).second) refuse(name, "is given twice", "each folder once");
    const bool sweep = is_there(folder / "sweep.json"), run = is_there(folder / "report.json"),
               table = is_there(folder / "table.json");
    if (!sweep && !run && !table) refuse(name, "holds no results", kAllowed);
    if (sweep)
      read_points(folder, name, page, [&](std::int64_t done, std::int64_t total) {
        if (observer) observer(done, total, name);
      });
    if (run) read_run(folder, name, commands, page);
    if (table) read_table(folder, name, commands, page);
  }
}

std::string make_page(const fs::path& parts, const PageData& data) {
  const fs::path file = parts / "page.html";
  const std::string page = read_text(file);
  std::map<std::string, std::string> files;
  for (const std::string& name : page_files(page, file.string()))
    files.try_emplace(name, read_text(parts / name));
  return page_text(page, files, data, file.string());
}

}  // namespace hdp
