// SPDX-License-Identifier: Apache-2.0
#include "workload/batch_file.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/read.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBatchKey = "batch";
constexpr std::size_t kMostSequences = 1024;
constexpr const char* kAllowed = "names, files and settings of synthetic traces";

std::string place_of(std::string_view origin, std::size_t entry) {
  return fmt::format("{}: /{}/{}", origin, kBatchKey, entry);
}

/// A path in a file starts at the file's folder; a name is a name.
std::string from_folder_of(const fs::path& file, const std::string& entry) {
  constexpr std::array<std::string_view, 3> kExtensions{".json", ".safetensors", ".csv"};
  const fs::path path(entry);
  const bool is_path =
      entry.find('/') != std::string::npos ||
      std::ranges::find(kExtensions, path.extension().string()) != kExtensions.end();
  return is_path && path.is_relative() ? (file.parent_path() / path).string() : entry;
}

Trace trace_of_name(const Catalog& catalog, const fs::path& batch, const std::string& entry) {
  const fs::path path = catalog.find("workloads", from_folder_of(batch, entry));
  if (path.extension() == ".csv") refuse(path.string(), "rows in a batch", "traces");
  Trace trace = [&] {
    if (path.extension() != ".json") return load_trace(path);
    const std::string text = read_text(path), origin = path.string();
    if (detail::batch_entries(text, origin)) refuse(origin, "a batch in a batch", kAllowed);
    return detail::synthetic_trace(detail::read_synthetic(text, origin), origin);
  }();
  log_workload(catalog.log(), path, Workload(trace));
  return trace;
}

Trace trace_of(const Catalog& catalog, const fs::path& batch, const Fact& entry) {
  if (const auto* name = entry.as<std::string>()) return trace_of_name(catalog, batch, *name);
  return detail::synthetic_trace(detail::read_synthetic(facts_text(entry), ""), "");
}

}  // namespace

SyntheticConfig detail::read_synthetic(std::string_view text, std::string_view origin) {
  SyntheticConfig config;
  read_settings(config, text, origin);
  return config;
}

Trace detail::synthetic_trace(const SyntheticConfig& config, std::string_view origin) {
  try {
    return make_synthetic(config);
  } catch (const UserError& mistake) {
    if (origin.empty()) throw;
    throw mistake.within(origin);
  }
}

std::optional<Fact::List> detail::batch_entries(std::string_view text, std::string_view origin) {
  const Fact root = parse_facts(text, origin);
  const auto* file = root.as<Facts>();
  const Fact* found = file == nullptr ? nullptr : file->find(kBatchKey);
  if (found == nullptr) return std::nullopt;
  for (const NamedFact& fact : *file)
    if (fact.name != kBatchKey && fact.name != "$schema")
      refuse(fmt::format("{}: /{}", origin, one_line(fact.name)), "beside a batch", "batch alone");
  const auto* entries = found->as<Fact::List>();
  if (entries == nullptr || entries->empty() || entries->size() > kMostSequences)
    refuse(fmt::format("{}: /{}", origin, kBatchKey),
           entries == nullptr ? "is no list" : fmt::format("{} sequences", entries->size()),
           fmt::format("a list of 1 to {}: {}", kMostSequences, kAllowed));
  for (std::size_t e = 0; e < entries->size(); ++e)
    if ((*entries)[e].as<std::string>() == nullptr && (*entries)[e].as<Facts>() == nullptr)
      refuse(place_of(origin, e), "is no sequence", kAllowed);
  return *entries;
}

Batch detail::read_batch(const Catalog& catalog, const fs::path& path, const Fact::List& entries) {
  std::vector<Trace> sequences;
  for (const Fact& entry : entries) {
    const auto before = std::ranges::find(entries, entry) - entries.begin();
    if (before < std::ssize(sequences)) {
      sequences.emplace_back(sequences[static_cast<std::size_t>(before)]);
      continue;
    }
    try {
      sequences.push_back(trace_of(catalog, path, entry));
    } catch (const UserError& mistake) {
      const std::string place = place_of(path.string(), sequences.size());
      Mistake inner = mistake.mistake();
      if (entry.as<Facts>() == nullptr) throw mistake.within(place);
      inner.path = place + inner.path;
      throw UserError(std::move(inner));
    }
  }
  Batch batch = make_batch(path.string(), std::move(sequences));
  batch.name = one_line(path.stem().string());
  return batch;
}

std::string detail::batch_text(const Fact::List& entries) {
  constexpr std::size_t kLongest = 80;
  std::vector<std::string> names;
  for (const Fact& entry : entries) {
    const auto* name = entry.as<std::string>();
    names.push_back(name != nullptr ? *name : "synthetic");
  }
  return fmt::format("batch of {}: {}", entries.size(),
                     one_line(fmt::format("{}", fmt::join(names, ", ")), kLongest));
}

}  // namespace hdp
