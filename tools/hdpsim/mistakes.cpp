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

/// The command that was named last; `app` itself where there is none.
const CLI::App& innermost(const CLI::App& app) {
  const CLI::App* command = &app;
  for (auto used = app.get_subcommands(); !used.empty(); used = command->get_subcommands())
    command = used.front();
  return *command;
}

/// " of workload show"; nothing for hdpsim itself.
std::string of_command(const CLI::App& command) {
  std::string path;
  for (const CLI::App* at = &command; at->get_parent() != nullptr; at = at->get_parent())
    path.insert(0, " " + at->get_name());
  return path.empty() ? path : " of" + path;
}

/// No flag of a command that has commands takes a value: the words before are names of commands.
UserError unknown_command(const CLI::App& app, int argc, const char* const* argv) {
  const CLI::App* command = &app;
  for (int i = 1; i < argc; ++i) {
    const std::string word(argv[i]);
    if (word.starts_with('-')) continue;
    if (const auto used = command->get_subcommands(); !used.empty()) {
      command = used.front();
      continue;
    }
    const std::vector<std::string> known = commands_of(*command);
    return UserError({.path = word,
                      .problem = "no such command" + of_command(*command),
                      .allowed = fmt::format("{}", fmt::join(known, ", ")),
                      .nearest = nearest_of(word, known)});
  }
  return UserError(
      {.problem = fmt::format("a command{} is missing, {}", of_command(*command), kHelp),
       .allowed = fmt::format("{}", fmt::join(commands_of(*command), ", "))});
}

UserError unexpected_word(const CLI::App& app) {
  const CLI::App& command = innermost(app);
  const std::vector<std::string> words = app.remaining(true);
  const std::string word = words.empty() ? std::string() : words.front();
  const std::string flag = word.substr(0, word.find('='));
  const bool is_flag = flag.starts_with('-');
  return UserError({.path = is_flag ? flag : word,
                    .problem = fmt::format("no such {}{}, {}", is_flag ? "flag" : "argument",
                                           of_command(command), kHelp),
                    .nearest = is_flag ? nearest_of(flag, flags_of(command)) : std::string()});
}

}  // namespace

UserError mistake_of(const CLI::App& app, const CLI::ParseError& error, int argc,
                     const char* const* argv) {
  if (!commands_of(innermost(app)).empty()) return unknown_command(app, argc, argv);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) return unexpected_word(app);
  return UserError({.problem = fmt::format("{}, {}", error.what(), kHelp)});
}

}  // namespace hdp
