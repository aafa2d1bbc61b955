// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/version.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/is_path.hpp>
#include <hdp/study/beside.hpp>
#include <hdp/study/sweep/file.hpp>

namespace hdp {
namespace {

constexpr std::string_view kSweepFormat = "sweep-1";
constexpr std::int64_t kMostSeed = 9'007'199'254'740'991;

/// A name, or a path that starts at the folder of the file that says it.
std::string located(const std::string& name, const std::filesystem::path& folder) {
  if (!is_path(name)) return name;
  return std::filesystem::absolute(folder / name).lexically_normal().string();
}

std::vector<std::string> read_names(ObjectReader& file, std::string_view key,
                                    const std::filesystem::path& folder) {
  file.need(key);
  std::vector<std::string> names = file.texts(key);
  for (std::string& name : names) name = located(name, folder);
  std::set<std::string> seen;
  for (const std::string& name : names)
    if (!seen.insert(name).second) file.refuse_value(key, name + " stands twice", "each once");
  return names;
}

SweepSample read_sample(ObjectReader& file) {
  SweepSample sample;
  const Fact* const fact = file.find("sample");
  if (fact == nullptr) return sample;
  ObjectReader reader(*fact, file.origin(), "/sample");
  const auto& names = EnumNames<SampleMethod>::kNames;
  reader.need("method");
  sample.method = static_cast<SampleMethod>(*reader.choice("method", {names.begin(), names.end()}));
  const auto count = reader.integer("count", 1, kMostSweepPoints);
  const auto seed = reader.integer("seed", 0, kMostSeed);
  if (sample.method == SampleMethod::Grid) {
    for (const char* key : {"count", "seed"})
      if (reader.find(key) != nullptr)
        reader.refuse_value(key, "changes nothing: a grid has every combination",
                            "with method random, latin_hypercube, sobol");
  } else if (!count) {
    reader.need("count");
  }
  sample.count = count.value_or(0);
  sample.seed = seed.value_or(0);
  reader.done();
  return sample;
}

Facts read_set(ObjectReader& file) {
  const Fact* const fact = file.find("set");
  if (fact == nullptr) return {};
  if (const auto* const set = fact->as<Facts>()) return *set;
  file.refuse_value("set", "is no object", "an object of values by path");
}

std::vector<SweepAxis> read_axes(ObjectReader& file, bool spans) {
  std::vector<SweepAxis> axes;
  if (file.find("axes") == nullptr) return axes;
  const Fact::List& list = file.list("axes");
  for (std::size_t i = 0; i < list.size(); ++i)
    axes.push_back(
        read_axis(ObjectReader(list[i], file.origin(), fmt::format("/axes/{}", i)), spans));
  return axes;
}

/// A path that is set twice would be set in vain once.
void refuse_doubles(const SweepFile& sweep, const ObjectReader& file) {
  std::set<std::string> paths;
  for (const NamedFact& entry : sweep.set) paths.insert(entry.name);
  for (const SweepAxis& axis : sweep.axes)
    for (const SweepAxis::Setting& setting : axis.settings)
      if (!paths.insert(setting.path).second)
        file.refuse_value("axes", setting.path + " is set twice", "once, in axes or in set");
}

std::vector<SweepInput> read_inputs(ObjectReader& from, std::string_view key) {
  std::vector<SweepInput> inputs;
  const Fact::List& list = from.list(key);
  for (std::size_t i = 0; i < list.size(); ++i) {
    ObjectReader input(list[i], from.origin(), fmt::format("/made_from/{}/{}", key, i));
    inputs.push_back({input.need_text("name"), input.need_text("sha256")});
    input.done();
  }
  return inputs;
}

Fact::List facts_of(const std::vector<SweepInput>& inputs) {
  Fact::List list;
  for (const SweepInput& input : inputs)
    list.emplace_back(Facts{{"name", input.name}, {"sha256", input.sha256}});
  return list;
}

Facts facts_of(const SweepSample& sample) {
  Facts facts{{"method", name_of(sample.method)}};
  if (sample.method == SampleMethod::Grid) return facts;
  facts.set("count", sample.count);
  facts.set("seed", sample.seed);
  return facts;
}

}  // namespace

SweepFile read_sweep(std::string_view text, const std::filesystem::path& origin) {
  const Fact parsed = parse_facts(text, origin.string());
  ObjectReader file(parsed, origin.string());
  const std::filesystem::path folder = origin.parent_path();
  file.find("$schema");
  if (const auto format = file.text("format");
      format.value_or(std::string(kSweepFormat)) != kSweepFormat)
    file.refuse_value("format", *format, std::string(kSweepFormat));
  SweepFile sweep;
  sweep.machines = read_names(file, "machine", folder);
  sweep.workloads = read_names(file, "workload", folder);
  sweep.set = read_set(file);
  const std::string baseline = file.text("baseline").value_or(Baseline::kSame);
  sweep.baseline = baseline == Baseline::kSame || baseline == Baseline::kNone
                       ? baseline
                       : located(baseline, folder);
  sweep.fidelity = file.flag("fidelity").value_or(true);
  const Fact* const sample = file.find("sample");
  if (sample != nullptr) sweep.sample = read_sample(file);
  sweep.axes = read_axes(file, sweep.sample.method != SampleMethod::Grid);
  refuse_doubles(sweep, file);
  if (sweep.axes.empty() && sweep.sample.method != SampleMethod::Grid)
    file.refuse_value("sample", "there is no axis to draw from", "with axes");
  if (const Fact* const made = file.find("made_from")) {
    ObjectReader from(*made, origin.string(), "/made_from");
    from.text("hdpsim");
    sweep.made_from_machines = read_inputs(from, "machines");
    sweep.made_from_workloads = read_inputs(from, "workloads");
    from.done();
  }
  file.done();
  return sweep;
}

std::string sweep_text(const SweepFile& sweep) {
  Fact::List axes;
  for (const SweepAxis& axis : sweep.axes) axes.emplace_back(hdp::facts_of(axis));
  Facts file{{"format", kSweepFormat},      {"machine", sweep.machines},
             {"workload", sweep.workloads}, {"set", sweep.set},
             {"baseline", sweep.baseline},  {"fidelity", sweep.fidelity},
             {"axes", std::move(axes)},     {"sample", facts_of(sweep.sample)}};
  if (!sweep.made_from_machines.empty())
    file.set("made_from", Facts{{"hdpsim", kVersion},
                                {"machines", facts_of(sweep.made_from_machines)},
                                {"workloads", facts_of(sweep.made_from_workloads)}});
  return facts_text(file);
}

}  // namespace hdp
