// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/config/catalog.hpp>
#include <hdp/config/is_path.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kExtensions{".json", ".safetensors", ".csv"};

/// The extensions that a name of the kind may stand for, the first to be tried first.
std::span<const std::string_view> extensions_of(std::string_view kind) {
  return std::span(kExtensions).first(kind == "workloads" ? kExtensions.size() : 1);
}

bool is_file(const fs::path& path) {
  std::error_code unreachable;
  return fs::is_regular_file(path, unreachable);
}

}  // namespace

bool is_path(std::string_view name_or_path) {
  return name_or_path.find('/') != std::string_view::npos ||
         std::ranges::any_of(kExtensions,
                             [&](std::string_view end) { return name_or_path.ends_with(end); });
}

fs::path Catalog::find(std::string_view kind, std::string_view name_or_path) const {
  const std::string name(name_or_path);
  if (is_file(name)) return name;
  if (is_path(name)) {
    std::error_code unreachable;
    refuse(name, fs::exists(name, unreachable) ? "is no regular file" : "no such file");
  }
  if (name.find("..") != std::string::npos)
    throw UserError({.path = name, .problem = fmt::format("a name in {} holds no '..'", kind)});
  for (const fs::path& root : roots_) {
    for (const std::string_view extension : extensions_of(kind)) {
      fs::path file = root / kind / (name + std::string(extension));
      if (name.empty() || !is_file(file)) continue;
      log_.debug([&] { return fmt::format("{} {}: found in {}", kind, name, file.string()); });
      return file;
    }
  }
  const std::vector<std::string> known = names(kind);
  const std::vector<std::string_view> views(known.begin(), known.end());
  throw UserError({.path = name.empty() ? std::string(kind) : name,
                   .problem = fmt::format("{}neither a name in {} nor a file",
                                          name.empty() ? "\"\" is " : "", kind),
                   .allowed = fmt::format("{}", fmt::join(known, ", ")),
                   .nearest = nearest_name(name, views)});
}

std::vector<std::string> Catalog::names(std::string_view kind) const {
  const auto extensions = extensions_of(kind);
  std::set<std::string> names;
  for (const fs::path& root : roots_) {
    std::error_code failed;
    fs::directory_iterator entry(root / kind, failed);
    for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
      const fs::path& file = entry->path();
      if (std::ranges::find(extensions, file.extension().string()) != extensions.end() &&
          is_file(file))
        names.insert(file.stem().string());
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace hdp
