// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "command.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/config/assign.hpp>
#include <hdp/config/ignored.hpp>
#include <hdp/config/write.hpp>
#include <hdp/machine/read_machine.hpp>
#include <hdp/memory/request_file.hpp>
#include <hdp/memory/request_pattern.hpp>
#include <hdp/report/dram_report.hpp>
#include <hdp/study/stopwatch.hpp>

namespace hdp {
namespace {

struct DramOptions {
  std::string memory, requests, pattern, controller, map, feed = "inorder";
  std::vector<std::string> changes;
  std::int64_t limit = std::numeric_limits<std::int64_t>::max();
  bool json = false;
};

DramConfig resolve_memory(const DramOptions& options, const Log& log) {
  DramConfig config = read_memory(configurations(log), options.memory);
  const std::vector<std::string> changes = changes_of(config, options.changes);
  for (const std::string& change : options.changes) set_value(config, change);
  if (!options.controller.empty()) set_value(config, "controller=" + options.controller);
  if (!options.map.empty()) config.map = options.map;
  validate(config);
  refuse_ignored(changes, std::array{ignored_settings(config)});
  log.info([&] {
    return fmt::format("simulated {}: {}, map \"{}\", settings sha256 {}, {} changes{}{}",
                       config.name, name_of(config.controller), config.map,
                       sha256_hex(write_settings(config)), options.changes.size(),
                       options.changes.empty() ? "" : ": ", fmt::join(options.changes, ", "));
  });
  return config;
}

DramFeed feed_named(const std::string& name) {
  const auto& names = EnumNames<DramFeed>::kNames;
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw UserError({.path = "--feed",
                     .problem = fmt::format("\"{}\"", name),
                     .allowed = "inorder, perchan",
                     .nearest = nearest_name(name, names)});
  return static_cast<DramFeed>(found - names.begin());
}

std::vector<DramRequest> requests_of(const DramOptions& options, const DramConfig& config) {
  if (options.requests.empty() == options.pattern.empty())
    throw UserError({.path = "dram",
                     .problem = options.pattern.empty() ? "no requests were given"
                                                        : "requests were given twice",
                     .allowed = "either --requests FILE or --pattern NAME"});
  const DramOrganisation& device = config.organisation;
  const auto limit = static_cast<std::size_t>(options.limit);
  if (options.pattern.empty())
    return read_requests(options.requests, {.capacity = device.capacity_bytes(), .limit = limit});
  auto requests =
      make_pattern(options.pattern, device.access_bytes(), device.row_stride_bytes(), limit);
  for (const DramRequest& request : requests)
    if (request.address >= device.capacity_bytes())
      throw UserError(
          {.path = "--pattern",
           .problem = fmt::format("{} reaches address {}", options.pattern, request.address),
           .allowed = fmt::format("addresses below {}, the capacity", device.capacity_bytes())});
  return requests;
}

void dram(const DramOptions& options, const Log& log) {
  const Stopwatch reading;
  DramReport report{.config = resolve_memory(options, log),
                    .feed = feed_named(options.feed),
                    .requests = options.pattern.empty() ? options.requests : options.pattern,
                    .result = {}};
  const std::vector<DramRequest> requests = requests_of(options, report.config);
  log.info([&] { return fmt::format("requests {}: {}", report.requests, requests.size()); });
  log_time(log, "read", reading);
  const Stopwatch playing;
  report.result = run_requests(report.config, requests, report.feed);
  log_time(log, "played", playing);
  fmt::print("{}", options.json ? dram_json(report) : dram_text(report));
}

}  // namespace

void add_dram(CLI::App& app, Console& console) {
  auto options = std::make_shared<DramOptions>();
  CLI::App* command = app.add_subcommand("dram", "A request stream on a DRAM alone");
  command
      ->add_option("MEMORY", options->memory,
                   "DRAM: a name (see hdpsim list memories) or a .json file")
      ->required();
  command->add_option("--requests", options->requests,
                      "File: 16-byte records (.bin) or lines R|W ADDRESS [NOT_BEFORE]");
  command->add_option("--pattern", options->pattern,
                      "Named stream: seq, rand, mix3, attn128s, ...");
  command->add_option("--limit", options->limit, "Only the first N requests")
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()));
  command->add_option("--controller", options->controller, "frfcfs_shared_queue or bank_queues");
  command->add_option("--map", options->map,
                      "Address fields from the highest, such as \"ro co ba bg ra ch\"");
  command
      ->add_option("--feed", options->feed,
                   "inorder: one queue for all channels; perchan: one a channel")
      ->capture_default_str();
  command
      ->add_option("--set", options->changes,
                   "Change a setting: path=value, or path=@FILE (repeatable)")
      ->allow_extra_args(false);
  command->add_flag("--json", options->json, "Print the report as JSON");
  command->callback([options, &console] { dram(*options, console.log); });
}

}  // namespace hdp
