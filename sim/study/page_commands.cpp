// SPDX-License-Identifier: Apache-2.0
#include "study/page_commands.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/read.hpp>
#include <hdp/report/setting_list.hpp>
#include <hdp/study/beside.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp {
namespace {

constexpr std::size_t kMostChanges = 24;  // more are better read in a file

bool is_known(const Catalog& catalog, std::string_view kind, const std::string& name) {
  const std::vector<std::string> names = catalog.names(kind);
  return std::ranges::find(names, name) != names.end();
}

bool is_plain(const std::string& text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-.").find(c) != std::string_view::npos;
  };
  const bool letter =
      !text.empty() && ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z'));
  return letter && std::ranges::all_of(text, fits) && text != "true" && text != "false" &&
         text != "null";
}

/// A value as --set takes it: a plain word needs no quotes of JSON.
std::string change_of(const ListedSetting& setting) {
  const auto& [path, json] = setting;
  const std::string inner = json.size() > 2 ? json.substr(1, json.size() - 2) : std::string();
  return path + "=" + (json.starts_with('"') && is_plain(inner) ? inner : json);
}

/// A file that brings a whole group with it: the group's name, where such files are known by it,
/// and the setting that names one.
struct NamedGroup {
  std::string_view path, kind, setting;
};
constexpr std::array kNamedGroups{NamedGroup{"memory.dram.name", "memories", "memory.model"},
                                  NamedGroup{"energy.name", "energy", "energy_table"}};

using SettingList = std::vector<ListedSetting>;

std::string_view value_of(const SettingList& settings, std::string_view path) {
  const auto at = std::ranges::find(settings, path, &ListedSetting::first);
  return at == settings.end() ? std::string_view() : at->second;
}

/// The first setting of `wanted` that `has` lacks or has otherwise.
const ListedSetting* first_difference(const SettingList& wanted, const SettingList& has) {
  const std::map<std::string_view, std::string_view> known(has.begin(), has.end());
  for (const ListedSetting& setting : wanted) {
    const auto same = known.find(setting.first);
    if (same == known.end() || same->second != setting.second) return &setting;
  }
  return nullptr;
}

/// A change that brings `has` nearer to `wanted`; "": there is none.
std::string next_change(const SettingList& wanted, const SettingList& has, const Catalog& catalog) {
  for (const NamedGroup& group : kNamedGroups) {
    const std::string_view json = value_of(wanted, group.path);
    if (json.size() < 2 || json == value_of(has, group.path)) continue;
    const std::string name(json.substr(1, json.size() - 2));
    if (is_known(catalog, group.kind, name)) return fmt::format("{}={}", group.setting, name);
  }
  const ListedSetting* const other = first_difference(wanted, has);
  return other == nullptr ? std::string() : change_of(*other);
}

std::string text_of(const Facts& facts, std::string_view name) {
  const Fact* const fact = facts.find(name);
  return fact == nullptr ? std::string() : setting_text(*fact);
}

/// The layers around the attention, where the workload would not have them so by itself.
std::vector<std::string> layer_words(const Facts& facts, const Workload* workload) {
  if (workload != nullptr && workload->facts() == facts) return {};
  if (text_of(facts, "layer") == "whole")
    return {
        "--layer", "whole", "--hidden", text_of(facts, "hidden"), "--ffn", text_of(facts, "ffn")};
  if (workload != nullptr && workload->layer_widths()) return {"--layer", "attention"};
  return {};
}

/// What the trace of synthetic settings is called; "" for another file.
std::string synthetic_name_of(const std::filesystem::path& file) {
  if (file.extension() != ".json") return {};
  try {
    SyntheticConfig config;
    read_settings(config, read_text(file), file.string());
    return synthetic_name(config);
  } catch (const UserError&) {
    return {};  // a batch, or an encoder
  }
}

}  // namespace

std::string shell_word(const std::string& text) {
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./=:,+@%").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::ranges::all_of(text, safe)) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

PageCommands::PageCommands(const Catalog& catalog, Kinds kinds) : catalog_(catalog), kinds_(kinds) {
  for (const std::string& file : catalog.names("workloads"))
    if (const std::string name = synthetic_name_of(catalog.find("workloads", file)); !name.empty())
      synthetic_.emplace(name, file);
}

std::string PageCommands::file_of(const TableRow& row) {
  const Fact* const digest = row.workload_facts.find("sha256");
  const auto [first, last] = synthetic_.equal_range(row.workload);
  for (auto candidate = first; digest != nullptr && candidate != last; ++candidate) {
    const Workload* const workload = workload_of(candidate->second);
    if (workload != nullptr && *digest == Fact(workload->sha256())) return candidate->second;
  }
  return row.workload;
}

const Workload* PageCommands::workload_of(const std::string& name) {
  const auto [place, is_new] = workloads_.try_emplace(name);
  if (is_new && is_known(catalog_, "workloads", name)) try {
      place->second = resolve_workload(catalog_, name);
    } catch (const UserError&) {
      place->second.reset();  // the command that names it will say why
    }
  return place->second ? &*place->second : nullptr;
}

std::optional<PageCommands::Words> PageCommands::changes_of(const TableRow& row,
                                                            const Workload* workload) {
  if (!is_known(catalog_, "machines", row.machine)) return std::nullopt;
  const SettingList wanted = list_settings(row.config);
  Words changes;
  try {
    // One by one, as a setting may bring others with it.
    while (changes.size() <= kMostChanges) {
      const auto machine = resolve_machine(catalog_, row.machine, changes, kinds_);
      const std::string text = machine->text();
      if (sha256_hex(text) == row.config_sha256) {
        const std::array<const Machine*, 1> all{machine.get()};
        if (workload != nullptr) refuse_ignored_changes(all, {workload, 1});
        return changes;
      }
      const Fact has = parse_facts(text, row.machine);
      std::string change = next_change(wanted, list_settings(*has.as<Facts>()), catalog_);
      if (change.empty() || std::ranges::find(changes, change) != changes.end())
        return std::nullopt;
      changes.push_back(std::move(change));
    }
  } catch (const UserError&) {
    return std::nullopt;  // what a file may hold and --set may not
  }
  return std::nullopt;
}

std::string PageCommands::of(const PagePoint& point, const std::string& file) {
  const TableRow& row = point.row;
  if (row.config.empty()) return {};
  const std::string name = file_of(row);
  const Workload* const workload = workload_of(name);
  const std::optional<Words> changes = changes_of(row, workload);
  Words words{"hdpsim", "run", changes ? row.machine : file, "-w", name};
  for (const std::string& change : changes.value_or(Words{})) {
    words.emplace_back("--set");
    words.push_back(change);
  }
  const Words layers = layer_words(row.workload_facts, workload);
  words.insert(words.end(), layers.begin(), layers.end());
  for (const PageMap& map : point.maps) {
    if (map.sequence > 0) break;  // every sequence has the same
    words.emplace_back("--map");
    words.push_back(fmt::format("{}:{}", map.layer, map.head));
  }
  if (row.baseline != Baseline::kSame) {
    const bool machine = row.step.empty() && is_known(catalog_, "machines", row.baseline);
    words.emplace_back("--baseline");
    words.push_back(machine ? row.baseline : Baseline::kNone);
  }
  for (std::string& word : words) word = shell_word(word);
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace hdp
