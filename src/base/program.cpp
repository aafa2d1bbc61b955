// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include <hdp/base/digest.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/program.hpp>
#include <hdp/base/version.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

/// The program, and libraries of ours that are not in it.
std::set<fs::path> parts_of_program() {
  std::set<fs::path> parts{"/proc/self/exe"};
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const std::size_t at = line.find('/');
    if (at == std::string::npos) continue;
    const fs::path file = line.substr(at);
    if (file.filename().string().starts_with("libhdp")) parts.insert(file);
  }
  return parts;
}

std::string digest_of_program() {
  Sha256 digest;
  digest.update(kVersion);
  for (const fs::path& part : parts_of_program()) digest.update(InputFile(part).bytes());
  return digest.hex();
}

}  // namespace

const std::string& program_build() {
  static const std::string build = digest_of_program();
  return build;
}

}  // namespace hdp
