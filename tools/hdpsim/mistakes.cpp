// SPDX-License-Identifier: Apache-2.0
#include "mistakes.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hdp {
namespace {

constexpr std::string_view kHelp = "see hdpsim --help";

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::string nearest_of(std::string_view word, const std::vector<std::string>& known) {
  return nearest_name(word, std::vector<std::string_view>(known.begin(), known.end()));
}

UserError unknown_command(const CLI::App& app, int argc, const char* const* argv) {
  const std::vector<std::string> known = commands_of(app);
  const std::string allowed = fmt::format("{}", fmt::join(known, ", "));
  for (int i = 1; i < argc; ++i) {
    const std::string word(argv[i]);
    if (word.starts_with('-')) continue;
    return UserError({.path = word,
                      .problem = "no such command",
                      .allowed = allowed,
                      .nearest = nearest_of(word, known)});
  }
  return UserError({.problem = fmt::format("a command is missing, {}", kHelp), .allowed = allowed});
}

UserError unexpected_word(const CLI::App& app) {
  const auto used = app.get_subcommands();
  const CLI::App& command = used.empty() ? app : *used.front();
  const std::vector<std::string> words = app.remaining(true);
  const std::string word = words.empty() ? std::string() : words.front();
  const std::string flag = word.substr(0, word.find('='));
  const bool is_flag = flag.starts_with('-');
  return UserError({.path = is_flag ? flag : word,
                    .problem = fmt::format("no such {} of {}, {}", is_flag ? "flag" : "argument",
                                           command.get_name(), kHelp),
                    .nearest = is_flag ? nearest_of(flag, flags_of(command)) : std::string()});
}

}  // namespace

UserError mistake_of(const CLI::App& app, const CLI::ParseError& error, int argc,
                     const char* const* argv) {
  if (app.get_subcommands().empty()) return unknown_command(app, argc, argv);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) return unexpected_word(app);
  return UserError({.problem = fmt::format("{}, {}", error.what(), kHelp)});
}

}  // namespace hdp
