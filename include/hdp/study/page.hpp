// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <hdp/config/catalog.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/report/page.hpp>

namespace hdp {

/// Told bytes that were read, of how many, and where.
using PageObserver =
    std::function<void(std::int64_t done, std::int64_t total, const std::string& folder)>;

/// Puts what these folders hold into `page`: points of a sweep (sweep.json, points.jsonl), a run
/// (report.json), a table of compare or ablate (table.json). One report is held at a time. Names of
/// `catalog` are used in the commands that make a run again, where that gives the same machine.
/// UserError for a folder that holds none of them, that is given twice, and for a file that is not
/// as these commands write it.
void read_page(const std::vector<std::string>& folders, const Catalog& catalog, PageData& page,
               const PageObserver& observer = {}, Kinds kinds = machine_kinds());

/// The page of these data, made with the template (page.html) and its files in `parts`.
std::string make_page(const std::filesystem::path& parts, const PageData& data);

}  // namespace hdp
