// SPDX-License-Identifier: Apache-2.0
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "workload/batch_file.hpp"
#include "workload/encoder_settings.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/config/assign.hpp>
#include <hdp/workload/synthetic.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {
namespace {

void keep_rows(SpattenWorkload& workload, const RowFilter& filter) {
  if (filter.iteration)
    std::erase_if(workload.rows,
                  [&](const SpattenRow& row) { return row.iteration != *filter.iteration; });
  if (filter.most && std::ssize(workload.rows) > *filter.most)
    workload.rows.resize(static_cast<std::size_t>(*filter.most));
  if (workload.rows.empty())
    throw UserError({.path = workload.name,
                     .problem = filter.iteration
                                    ? fmt::format("no row of iteration {}", *filter.iteration)
                                    : std::string("no row")});
}

/// An encoder is there for its weights.
Workload in_layers(const Workload& encoder) {
  return encoder.with_layers(layer_widths_of(encoder));
}

Workload tensor_workload(const std::filesystem::path& path) {
  InputFile file(path);
  if (is_meant_as_encoder(Safetensors::parse(file.bytes(), path.string())))
    return in_layers(Workload(load_encoder(std::move(file), path)));
  return Workload(load_trace(std::move(file), path));
}

/// A synthetic trace or encoder, or a batch.
Workload described_workload(const Catalog& catalog, const std::filesystem::path& path,
                            const std::vector<std::string>& changes) {
  const std::string text = read_text(path), origin = path.string();
  const auto changed = [&](auto config) {
    for (const std::string& change : changes) set_value(config, change);
    return config;
  };
  if (const auto config = detail::encoder_config(text, origin))
    return in_layers(Workload(detail::synthetic_encoder(changed(*config), origin)));
  if (const auto entries = detail::batch_entries(text, origin)) {
    if (!changes.empty()) refuse(changes.front(), path.string() + " is a batch, which has none");
    return Workload(detail::read_batch(catalog, path, *entries));
  }
  return Workload(detail::synthetic_trace(changed(detail::read_synthetic(text, origin)), origin));
}

Workload read_workload(const Catalog& catalog, const std::filesystem::path& path,
                       const RowFilter& filter, const std::vector<std::string>& changes) {
  if (!changes.empty() && path.extension() != ".json")
    refuse(changes.front(), path.string() + " has no settings",
           "with a synthetic workload (.json)");
  if (path.extension() == ".csv") {
    SpattenWorkload rows = read_spatten_workload(path);
    keep_rows(rows, filter);
    return Workload(std::move(rows));
  }
  if (filter.iteration || filter.most)
    throw UserError({.path = filter.iteration ? "--iteration" : "--rows",
                     .problem = "is for workload files of rows (.csv)"});
  if (path.extension() != ".json") return tensor_workload(path);
  return described_workload(catalog, path, changes);
}

}  // namespace

void log_workload(const Log& log, const std::filesystem::path& file, const Workload& workload) {
  log.info([&] {
    const std::span<const Trace> traces = workload.sequences();
    const std::string bytes =
        traces.empty() ? "" : fmt::format(", {} bytes of tensors", workload.bytes());
    return fmt::format("workload {}: {}, {}, {}{}, sha256 {}", workload.name(), file.string(),
                       name_of(workload.stage()), workload.shape_text(), bytes, workload.sha256());
  });
}

Workload resolve_workload(const Catalog& catalog, const std::string& name_or_path,
                          const RowFilter& filter, const std::vector<std::string>& changes) {
  const std::filesystem::path path = catalog.find("workloads", name_or_path);
  Workload workload = read_workload(catalog, path, filter, changes);
  log_workload(catalog.log(), path, workload);
  return workload;
}

std::string describe_workload(const Catalog& catalog, const std::string& name_or_path) {
  const std::filesystem::path path = catalog.find("workloads", name_or_path);
  if (path.extension() != ".json") {
    const Workload workload = resolve_workload(catalog, name_or_path);
    return fmt::format("{}, {}", name_of(workload.stage()), workload.shape_text());
  }
  const std::string text = read_text(path);
  if (const auto entries = detail::batch_entries(text, path.string()))
    return detail::batch_text(*entries);
  if (const auto encoder = detail::encoder_config(text, path.string()))
    return fmt::format("prefill, {} tokens through {} layers of {}, synthetic weights", encoder->n,
                       encoder->layers, encoder->model);
  const SyntheticConfig config = detail::read_synthetic(text, path.string());
  const std::string size = config.stage == Stage::Prefill
                               ? fmt::format("{} tokens", config.n)
                               : fmt::format("{} + {} tokens", config.n_ctx, config.steps);
  return fmt::format("{}, {} of {}, synthetic", name_of(config.stage), size, config.model);
}

}  // namespace hdp
