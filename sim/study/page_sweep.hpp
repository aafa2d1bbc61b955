// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include <hdp/report/page.hpp>

namespace hdp {

/// Puts the sweep of a folder, which the user calls `name`, into `page`: its axes from sweep.json,
/// its points from points.jsonl, a line at a time. The observer is told bytes read, of how many.
void read_points(const std::filesystem::path& folder, const std::string& name, PageData& page,
                 const std::function<void(std::int64_t, std::int64_t)>& observer);

}  // namespace hdp
