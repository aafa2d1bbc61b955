// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <hdp/base/facts.hpp>
#include <hdp/base/log.hpp>
#include <hdp/config/catalog.hpp>
#include <hdp/workload/batch.hpp>
#include <hdp/workload/encoder.hpp>
#include <hdp/workload/model_shape.hpp>
#include <hdp/workload/spatten_workload.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// What a machine plays: a trace of Q, K, V, several of them side by side, an encoder with its
/// weights, or the rows of a published workload file. A copy shares the data.
class Workload {
 public:
  explicit Workload(Trace trace) : what_(std::move(trace)) {}
  explicit Workload(Batch batch) : what_(std::make_shared<const Batch>(std::move(batch))) {}
  explicit Workload(Encoder encoder) : what_(std::move(encoder)) {}
  explicit Workload(SpattenWorkload rows)
      : what_(std::make_shared<const SpattenWorkload>(std::move(rows))) {}

  [[nodiscard]] const std::string& name() const;
  /// Of the bytes of the file it came from, in hex; of a batch, as Batch says.
  [[nodiscard]] const std::string& sha256() const;
  /// A digest of what is played: of rows, of those that were chosen.
  [[nodiscard]] std::string fingerprint() const;
  [[nodiscard]] Stage stage() const;
  /// Of its tensors or rows, in memory; an encoder's weights are not counted.
  [[nodiscard]] std::size_t bytes() const;
  /// Layers and heads, in words.
  [[nodiscard]] std::string shape_text() const;
  /// What reports say of it: name, digest, stage, shape.
  [[nodiscard]] Facts facts() const;

  // null where it is none.
  [[nodiscard]] const Trace* trace() const { return std::get_if<Trace>(&what_); }
  [[nodiscard]] const Batch* batch() const;
  [[nodiscard]] const Encoder* encoder() const { return std::get_if<Encoder>(&what_); }
  [[nodiscard]] const SpattenWorkload* rows() const;
  /// The traces that are played: one, those of a batch, or none.
  [[nodiscard]] std::span<const Trace> sequences() const;

  /// The same with whole layers around the attention (projections, FFN, norms), or without.
  [[nodiscard]] Workload with_layers(const std::optional<LayerWidths>& widths) const;
  /// Their widths; nothing where attention alone is played.
  [[nodiscard]] const std::optional<LayerWidths>& layer_widths() const { return widths_; }

 private:
  [[nodiscard]] Facts inner_facts() const;
  std::variant<Trace, std::shared_ptr<const Batch>, Encoder, std::shared_ptr<const SpattenWorkload>>
      what_;
  std::optional<LayerWidths> widths_{};
};

/// What reports and inspections say of a trace: name, digest, stage, shape of the first layer.
Facts shape_facts(const Trace& trace);

/// The widths of its layers: an encoder's own, what the metadata of a trace say (`hidden`, `ffn`,
/// and `gated` where it is true), or those of the known model that a synthetic trace names; what is
/// given comes first. UserError that asks for what is missing.
LayerWidths layer_widths_of(const Workload& workload,
                            const std::optional<std::int64_t>& hidden = {},
                            const std::optional<std::int64_t>& ffn = {});

/// Which rows of a workload file are played: those of one iteration, then the first so many.
struct RowFilter {
  static constexpr std::int64_t kMost = std::int64_t{1} << 22;  ///< Of either.
  std::optional<std::int64_t> iteration{}, most{};
};

/// The workload of a name or file: a trace or an encoder (.safetensors), a synthetic one or a batch
/// (.json) or rows (.csv). A batch lists names, files from its own folder on, and settings of
/// synthetic traces. An encoder is played with its layers.
/// `changes` are `path=value` on top of a synthetic trace's or encoder's settings.
/// UserError for a filter where there are no rows, and where it leaves none; for changes of what
/// has no settings.
Workload resolve_workload(const Catalog& catalog, const std::string& name_or_path,
                          const RowFilter& filter = {},
                          const std::vector<std::string>& changes = {});

/// Tells the log what was read from `file`.
void log_workload(const Log& log, const std::filesystem::path& file, const Workload& workload);

/// A line on a workload; a synthetic one is described, not made.
std::string describe_workload(const Catalog& catalog, const std::string& name_or_path);

}  // namespace hdp
