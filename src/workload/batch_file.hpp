// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <hdp/base/facts.hpp>
#include <hdp/config/catalog.hpp>
#include <hdp/workload/batch.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp::detail {

/// The settings of a synthetic trace, and the trace; mistakes are at `origin`.
SyntheticConfig read_synthetic(std::string_view text, std::string_view origin);
Trace synthetic_trace(const SyntheticConfig& config, std::string_view origin);

/// What the JSON text of a workload lists under "batch"; nothing where it has no such key.
/// UserError where that is no list of names, files and settings, or stands beside other keys.
std::optional<Fact::List> batch_entries(std::string_view text, std::string_view origin);

/// The batch of the file `path` that lists `entries`. An entry that stands twice is loaded once.
Batch read_batch(const Catalog& catalog, const std::filesystem::path& path,
                 const Fact::List& entries);

/// The entries in a line, without loading any.
std::string batch_text(const Fact::List& entries);

}  // namespace hdp::detail
