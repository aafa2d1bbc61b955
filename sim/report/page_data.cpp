// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "report/page_settings.hpp"
#include "report/page_studies.hpp"
#include <hdp/base/check.hpp>
#include <hdp/base/version.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/report/page.hpp>
#include <hdp/report/setting_list.hpp>

namespace hdp {
namespace {

/// Texts, each once.
class Names {
 public:
  std::size_t of(const std::string& name) {
    const auto [place, is_new] = places_.try_emplace(name, all_.size());
    if (is_new) all_.emplace_back(name);
    return place->second;
  }
  [[nodiscard]] const Fact::List& all() const { return all_; }

 private:
  std::map<std::string, std::size_t> places_;
  Fact::List all_;
};

/// Inside a text '<' may be written so, and nowhere else is one.
std::string without_tags(const std::string& json) {
  std::string text;
  text.reserve(json.size());
  for (const char c : json)
    if (c == '<')
      text += "\\u003c";
    else
      text += c;
  return text;
}

Fact figure_of(const PageMetric& metric, const PagePoint& point) {
  const std::optional<double> value = metric.value(point);
  if (!value) return nullptr;
  return *drawn(*value).number() == *value ? drawn(*value) : Fact(*value);
}

Fact::List metrics_of() {
  Fact::List list;
  for (const PageMetric& metric : page_metrics())
    list.emplace_back(Facts{{"name", metric.name},
                            {"title", metric.title},
                            {"scale", metric.scale},
                            {"better", std::string(1, metric.better)}});
  return list;
}

std::string text_or(const Facts& facts, std::string_view name) {
  const Fact* const fact = facts.find(name);
  const auto* const text = fact == nullptr ? nullptr : fact->as<std::string>();
  return text == nullptr ? std::string() : *text;
}

Fact::List maps_of(const std::vector<PageMap>& maps) {
  Fact::List list;
  for (const PageMap& map : maps)
    list.emplace_back(Facts{{"sequence", map.sequence},
                            {"layer", map.layer},
                            {"head", map.head},
                            {"queries", map.queries},
                            {"keys", map.keys},
                            {"cell_queries", map.cell_queries},
                            {"cell_keys", map.cell_keys},
                            {"kept", map.kept},
                            {"allowed", map.allowed}});
  return list;
}

/// A value of several paths that move together.
Fact together(std::span<const Fact> values) {
  if (values.size() == 1) return values.front();
  std::string text;
  for (const Fact& value : values) text += (text.empty() ? "" : " + ") + setting_text(value);
  return text;
}

}  // namespace

struct PageData::State {
  std::vector<PageStudy> studies;
  Names names, sources, remarks;
  std::map<std::string, std::string> source_of;  // by machine
  std::map<std::string, std::string> digests;    // of the first workload of a name
  PageSettings settings;
  std::vector<std::optional<PageFigures>> figures;
  std::string points;

  /// Work that is not the same has another name.
  std::string workload_of(const PagePoint& point) {
    if (!studies.back().workload.empty()) return studies.back().workload;
    std::string name = point.row.workload;
    const Facts& facts = point.row.workload_facts;
    if (!text_or(facts, "layer").empty()) name += ", whole layers";
    const std::string digest = text_or(facts, "sha256");
    if (digest.empty()) return name;
    const std::string& first = digests.try_emplace(name, digest).first->second;
    return first == digest ? name : name + " " + digest.substr(0, 8);
  }

  Fact::List parts_of(const std::vector<PagePart>& parts) {
    Fact::List list;
    for (const PagePart& part : parts)
      list.emplace_back(Fact::List{names.of(part.name), drawn(part.value)});
    return list;
  }

  Fact::List units_of(const std::vector<PageUnit>& units) {
    Fact::List list;
    for (const PageUnit& unit : units)
      list.emplace_back(Fact::List{names.of(unit.name), unit.instances, drawn(unit.idle),
                                   drawn(unit.busy), parts_of(unit.blocked)});
    return list;
  }

  void add_run(const PagePoint& point, Facts& facts) {
    const TableRow& row = point.row;
    if (!row.step.empty()) facts.set("step", names.of(row.step));
    if (!row.remark.empty()) facts.set("remark", names.of(row.remark));
    facts.set("limiter", names.of(row.limiter));
    if (!row.baseline.empty()) facts.set("baseline", names.of(row.baseline));
    Fact::List values;
    for (const PageMetric& metric : page_metrics()) values.push_back(figure_of(metric, point));
    facts.set("figures", std::move(values));
    if (!point.critical_path.empty()) facts.set("path", parts_of(point.critical_path));
    if (!point.units.empty()) facts.set("units", units_of(point.units));
    if (!point.energy_pj.empty()) facts.set("energy", parts_of(point.energy_pj));
    if (!point.bytes.empty()) facts.set("bytes", parts_of(point.bytes));
    if (!point.maps.empty()) facts.set("maps", maps_of(point.maps));
    Fact::List said;
    for (const std::string& remark : point.remarks) said.emplace_back(remarks.of(remark));
    if (!said.empty()) facts.set("remarks", std::move(said));
    if (!row.config.empty()) {
      facts.set("config", settings.add(row.machine, row.config));
      facts.set("config_sha256", row.config_sha256);
    }
    if (!point.command.empty()) facts.set("command", point.command);
    if (!row.sources.empty()) source_of.try_emplace(row.machine, row.sources);
  }

  void add_figures(const PagePoint& point, std::size_t workload) {
    PageFigures of_point{
        .study = studies.size() - 1, .workload = workload, .values = {}, .axes = {}};
    for (const std::string_view name : compared_metrics())
      of_point.values.push_back(page_metric(name).value(point));
    std::span<const Fact> values(point.values);
    for (const PageAxis& axis : studies.back().axes) {
      of_point.axes.push_back(together(values.first(axis.paths.size())));
      values = values.subspan(axis.paths.size());
    }
    figures.emplace_back(std::move(of_point));
  }

  [[nodiscard]] Fact::List axes_of(std::size_t study) const {
    Fact::List axes;
    for (std::size_t axis = 0; axis < studies[study].axes.size(); ++axis) {
      PageSpreads spreads = page_spreads(figures, study, axis);
      axes.emplace_back(Facts{{"paths", studies[study].axes[axis].paths},
                              {"labels", spreads.labels},
                              {"spreads", std::move(spreads.spreads)}});
    }
    return axes;
  }

  [[nodiscard]] Fact::List studies_of() const {
    Fact::List list;
    for (std::size_t study = 0; study < studies.size(); ++study)
      list.emplace_back(Facts{{"name", studies[study].name},
                              {"kind", studies[study].kind},
                              {"command", studies[study].command},
                              {"axes", axes_of(study)}});
    return list;
  }
};

PageData::PageData() : state_(std::make_unique<State>()) {}
PageData::~PageData() = default;

void PageData::start(const PageStudy& study) { state_->studies.push_back(study); }

void PageData::add(const PagePoint& point) {
  State& state = *state_;
  HDP_CHECK(!state.studies.empty(), "a point of a study");
  std::size_t paths = 0;
  for (const PageAxis& axis : state.studies.back().axes) paths += axis.paths.size();
  HDP_CHECK(point.values.size() == paths, "a value an axis path");
  const std::size_t workload = state.names.of(state.workload_of(point));
  Facts facts{{"study", state.studies.size() - 1},
              {"number", point.number},
              {"machine", state.names.of(point.row.machine)},
              {"workload", workload},
              {"axes", point.values}};
  if (point.ok()) {
    state.add_run(point, facts);
    state.add_figures(point, workload);
  } else {
    facts.set("status", point.status);
    state.figures.emplace_back();
  }
  state.points += (state.points.empty() ? "" : ",\n") + without_tags(json_text(facts));
}

void PageData::write(std::string& to) const {
  const State& state = *state_;
  Facts sources;
  for (const auto& [machine, text] : state.source_of) sources.append(machine, text);
  const Facts rest{
      {"hdpsim", Facts{{"version", kVersion}}}, {"metrics", metrics_of()},
      {"studies", state.studies_of()},          {"names", state.names.all()},
      {"sources", std::move(sources)},          {"remarks", state.remarks.all()},
      {"configs", state.settings.wholes()},     {"differences", state.settings.differences()},
      {"fronts", page_fronts(state.figures)}};
  to += R"({"format":"page-1","points":[)";
  to += state.points;
  to += "],";
  to += without_tags(json_text(rest)).substr(1);
}

std::string PageData::text() const {
  std::string json;
  write(json);
  return json;
}

}  // namespace hdp
