// SPDX-License-Identifier: Apache-2.0
#include "shipped.hpp"

#include <map>

#include <hdp/base/error.hpp>
#include <hdp/config/read.hpp>
#include <hdp/machine/machine_file.hpp>

namespace hdp::fuzz {
namespace {

using MachineTexts = std::map<std::string, std::string, std::less<>>;

/// Complete, by name.
const MachineTexts& shipped_machines() {
  static const MachineTexts kAll = [] {
    MachineTexts all;
    for (const std::string& name : catalog().names("machines"))
      all.emplace(name, resolve_machine(catalog(), name)->text());
    return all;
  }();
  return kAll;
}

MachineFile file_of(std::string_view text) {
  MachineFile file;
  if (const auto base = peek_text(text, kBaseKey, "input")) {
    const auto found = shipped_machines().find(*base);
    if (found == shipped_machines().end()) refuse("input: /base", "is not shipped");
    file.parts.push_back({*base + ".json", found->second});
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
