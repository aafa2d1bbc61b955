// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/digest.hpp>
#include <hdp/machine/read_machine.hpp>

namespace hdp {

std::string detail::machine_line(const MachineFile& file, const std::vector<std::string>& changes,
                                 const std::string& text) {
  std::string line = fmt::format("machine {}: {}", file.name(), file.parts.back().path.string());
  for (std::size_t i = file.parts.size() - 1; i-- > 0;)
    line += fmt::format(" over {}", file.parts[i].path.string());
  line += fmt::format(", kind {}, settings sha256 {}",
                      peek_text(text, "kind", file.name()).value_or("unnamed"), sha256_hex(text));
  if (!changes.empty()) line += fmt::format(", changed {}", fmt::join(changes, ", "));
  return line;
}

DramConfig read_memory(const Catalog& catalog, const std::string& name_or_path) {
  const std::filesystem::path path = catalog.find("memories", name_or_path);
  DramConfig config;
  config.name = path.stem().string();
  read_settings(config, read_text(path), path.string());
  catalog.log().info([&] {
    return fmt::format("memory {}: {}, {}, settings sha256 {}", name_or_path, path.string(),
                       config.standard, sha256_hex(write_settings(config)));
  });
  return config;
}

}  // namespace hdp
