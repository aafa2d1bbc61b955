// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/config/read.hpp>
#include <hdp/machine/machine_file.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostParts = 8;

/// A path in a file starts at the file's folder; a name is a name.
std::string from_folder_of(const fs::path& file, const std::string& base) {
  const fs::path path(base);
  const bool is_path = base.find('/') != std::string::npos || path.extension() == ".json";
  return is_path && path.is_relative() ? (file.parent_path() / path).string() : base;
}

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code unreachable;
  return fs::equivalent(a, b, unreachable);
}

[[noreturn]] void refuse_base(const fs::path& file, const std::string& base, std::string problem,
                              std::string allowed = {}) {
  throw UserError({.path = fmt::format("{}: /{}", file.string(), kBaseKey),
                   .problem = fmt::format("\"{}\" {}", base, problem),
                   .allowed = std::move(allowed)});
}

/// The file of a name; a mistake in a base says which file names it.
fs::path find_machine(const Catalog& catalog, const std::string& name, const MachineFile& file) {
  try {
    return catalog.find("machines", name);
  } catch (const UserError& mistake) {
    if (file.parts.empty()) throw;
    throw mistake.within(fmt::format("{}: /{}", file.parts.back().path.string(), kBaseKey));
  }
}

}  // namespace

std::optional<std::string> MachineFile::kind() const {
  std::optional<std::string> kind;
  for (const Part& part : parts) {
    const auto said = peek_text(part.text, "kind", part.path.string());
    if (!said) continue;
    if (kind && *said != *kind)
      throw UserError({.path = part.path.string() + ": /kind",
                       .problem = fmt::format("\"{}\"; the machine that it extends is of kind {}",
                                              *said, *kind)});
    kind = *said;
  }
  return kind;
}

MachineFile read_machine_file(const Catalog& catalog, const std::string& name_or_path) {
  MachineFile file;
  std::string next = name_or_path;
  while (true) {
    const fs::path path = find_machine(catalog, next, file);
    if (!file.parts.empty()) {
      const fs::path& extending = file.parts.back().path;
      if (std::ranges::any_of(file.parts,
                              [&](const auto& part) { return same_file(part.path, path); }))
        refuse_base(extending, next, "extends this file in turn");
      if (file.parts.size() == kMostParts)
        refuse_base(extending, next, "is too deep",
                    fmt::format("at most {} files in a row", kMostParts));
    }
    file.parts.push_back({path, read_text(path)});
    const auto base = peek_text(file.parts.back().text, kBaseKey, path.string());
    if (!base) break;
    next = from_folder_of(path, *base);
  }
  std::ranges::reverse(file.parts);
  return file;
}

}  // namespace hdp
