// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/digest.hpp>
#include <hdp/base/shared_cache.hpp>
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

namespace {

constexpr std::size_t kRoomOfLists = std::size_t{64} << 10U;

/// What a file of a folder says, read once where the catalog shares.
template <class Config, class Read>
Config read_shared(const Catalog& catalog, std::string_view folder, const std::string& name,
                   Read read) {
  const std::filesystem::path path = catalog.find(folder, name);
  if (catalog.shared() == nullptr) return read(path);
  return *catalog.shared()->get(
      fmt::format("{} {}", folder, path.string()), [&] { return Config(read(path)); },
      [](const Config& made) { return sizeof made + kRoomOfLists; });
}

}  // namespace

DramConfig read_memory(const Catalog& catalog, const std::string& name_or_path) {
  return read_shared<DramConfig>(
      catalog, "memories", name_or_path, [&](const std::filesystem::path& path) {
        DramConfig config;
        config.name = path.stem().string();
        read_settings(config, read_text(path), path.string());
        catalog.log().info([&] {
          return fmt::format("memory {}: {}, {}, settings sha256 {}", name_or_path, path.string(),
                             config.standard, sha256_hex(write_settings(config)));
        });
        return config;
      });
}

EnergyTable read_energy_table(const Catalog& catalog, const std::string& name_or_path) {
  return read_shared<EnergyTable>(
      catalog, "energy", name_or_path, [&](const std::filesystem::path& path) {
        EnergyTable table;
        read_settings(table, read_text(path), path.string());
        catalog.log().info(
            [&] { return fmt::format("energy table {}: {}", name_or_path, path.string()); });
        return table;
      });
}

}  // namespace hdp
