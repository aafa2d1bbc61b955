// SPDX-License-Identifier: Apache-2.0
#include "shipped.hpp"

#include <map>

#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/read.hpp>
#include <hdp/machine/energy_table.hpp>
#include <hdp/machine/machine_file.hpp>

namespace hdp::fuzz {
namespace {

using MachineFiles = std::map<std::string, MachineFile, std::less<>>;

/// With energies that need no file: hundreds of SRAM macros would take most of the time.
MachineFile short_file(const std::string& name) {
  MachineFile file = read_machine_file(catalog(), name);
  if (!kind_of(file).has_setting("energy_table")) return file;
  for (MachineFile::Part& part : file.parts) {
    Facts machine = *parse_facts(part.text, name).as<Facts>();
    machine.set("energy_table", kInlineTable);
    part.text = facts_text(machine, -1);
  }
  return file;
}

const MachineFiles& shipped_machines() {
  static const MachineFiles kAll = [] {
    MachineFiles all;
    for (const std::string& name : catalog().names("machines")) all.emplace(name, short_file(name));
    return all;
  }();
  return kAll;
}

MachineFile file_of(std::string_view text) {
  MachineFile file;
  if (const auto base = peek_text(text, kBaseKey, "input")) {
    const auto found = shipped_machines().find(*base);
    if (found == shipped_machines().end()) refuse("input: /base", "is not shipped");
    file = found->second;
  }
  file.parts.push_back({"input.json", std::string(text)});
  return file;
}

}  // namespace

const Catalog& catalog() {
  static const Catalog kCatalog({HDP_SOURCE_DIR "/configs"});
  return kCatalog;
}

std::unique_ptr<Machine> machine_of(std::string_view text) {
  const MachineFile file = file_of(text);
  return kind_of(file).read(catalog(), file, {});
}

const MachineKind& kind_in(std::string_view text) {
  try {
    return kind_of(file_of(text));
  } catch (const UserError&) {
    return *machine_kinds().front();
  }
}

}  // namespace hdp::fuzz
