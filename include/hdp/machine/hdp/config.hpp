// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <hdp/config/catalog.hpp>
#include <hdp/config/field.hpp>
#include <hdp/machine/energy_table.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/memory/sram.hpp>
#include <hdp/prune/cascade_settings.hpp>
#include <hdp/prune/hdp_settings.hpp>
#include <hdp/units/fetch_unit.hpp>
#include <hdp/units/pe_array.hpp>
#include <hdp/units/softmax_unit.hpp>
#include <hdp/units/sparsity_engine.hpp>
#include <hdp/units/top_k_engine.hpp>

namespace hdp {

/// Integer scores between the integer pass and the fraction pass: kept, or computed again for the
/// kept blocks. Auto keeps them where they fit.
enum class ScoreStore : std::uint8_t { Auto, Keep, Recompute };
template <>
struct EnumNames<ScoreStore> {
  static constexpr std::array<std::string_view, 3> kNames{"auto", "keep", "recompute"};
};

/// Which accelerator a machine file describes.
enum class HdpKind : std::uint8_t { Hdp };
template <>
struct EnumNames<HdpKind> {
  static constexpr std::array<std::string_view, 1> kNames{"hdp"};
};

/// The fetch unit of a core, which knows masks.
struct MaskFetchConfig : FetchConfig {
  bool reuse = true;

  static constexpr auto kFields = std::tuple_cat(
      std::tuple{Field{&MaskFetchConfig::reuse, "reuse", "",
                       "Fraction rows of K and rows of V stay once fetched (per head where they "
                       "fit, else per strip); off: every row of blocks fetches its own."}},
      FetchConfig::kFields);
};

/// One core: everything that a head needs but the DRAM.
struct CoreConfig {
  PeArrayConfig pe_array;
  SparsityEngineConfig sparsity_engine;
  SoftmaxConfig softmax;
  MaskFetchConfig fetch;
  SramConfig k_sram;
  SramConfig v_sram;
  std::int64_t q_sram_bytes = 8'192;
  std::int64_t score_sram_bytes = 65'536;
  std::int64_t mask_sram_bytes = 32'768;
  std::int64_t contexts = 2;
  ScoreStore score_store = ScoreStore::Auto;
  bool early_keep = false;
  bool write_zeros = true;

  static constexpr auto kFields = std::tuple{
      Field{&CoreConfig::pe_array, "pe_array", "", "The PE array."},
      Field{&CoreConfig::sparsity_engine, "sparsity_engine", "", "Masks and head decision."},
      Field{&CoreConfig::softmax, "softmax", "", "The softmax unit."},
      Field{&CoreConfig::fetch, "fetch", "", "Fetch upon mask."},
      Field{&CoreConfig::k_sram, "k_sram", "", "Both planes of K."},
      Field{&CoreConfig::v_sram, "v_sram", "", "Rows of V."},
      Field{&CoreConfig::q_sram_bytes, "q_sram_bytes", "bytes",
            "Integer plane of Q of one head, and three strips of its fraction plane; where the "
            "former "
            "does not fit it is fetched again after the decision.",
            Range{1, 1e9}},
      Field{&CoreConfig::score_sram_bytes, "score_sram_bytes", "bytes",
            "Integer scores and probabilities of one head.", Range{1, 1e9}},
      Field{&CoreConfig::mask_sram_bytes, "mask_sram_bytes", "bytes",
            "Block mask of one head, a bit a block.", Range{1, 1e9}},
      Field{&CoreConfig::contexts, "contexts", "heads",
            "Heads on the core at a time, each with buffers of its own: loads and the integer pass "
            "of the next one overlap the end of the last.",
            Range{1, 16}},
      Field{&CoreConfig::score_store, "score_store", "",
            "Integer scores until the head decision: keep them, recompute those of kept blocks, or "
            "keep them where they fit (auto)."},
      Field{&CoreConfig::early_keep, "early_keep", "",
            "Start on finished strips as soon as the partial head importance exceeds the limit."},
      Field{&CoreConfig::write_zeros, "write_zeros", "",
            "A pruned head writes its output as zeros."}};
};

/// SpAtten's cascade in front of block pruning; a share of 1 prunes nothing.
struct HdpCascadeConfig {
  CascadeStage token = keep_all();
  CascadeStage head = keep_all();
  TopKEngineConfig top_k;

  static constexpr auto kFields =
      std::tuple{Field{&HdpCascadeConfig::token, "token", "", "Cascade token pruning."},
                 Field{&HdpCascadeConfig::head, "head", "", "Cascade head pruning."},
                 Field{&HdpCascadeConfig::top_k, "top_k", "",
                       "The top-k engine that ranks tokens and heads between two layers."}};

  [[nodiscard]] bool prunes() const { return token.prunes() || head.prunes(); }
};

/// What prunes, in the order in which each takes what the one before has left.
enum class HdpStage : std::uint8_t { Cascade, BlocksAndHeads };
template <>
struct EnumNames<HdpStage> {
  static constexpr std::array<std::string_view, 2> kNames{"cascade", "blocks_and_heads"};
};
/// Whether a layer can only be decided on behind those before it.
constexpr bool couples_layers(HdpStage stage) { return stage == HdpStage::Cascade; }

/// The HDP co-processor, resolved (docs/hdp.md). With `pruning` off the same hardware computes
/// dense attention.
struct HdpConfig {
  HdpKind kind = HdpKind::Hdp;
  std::string name = "hdp";
  std::int64_t clock_mhz = 1000;
  std::int64_t cores = 2;
  bool pruning = true;
  CoreConfig core;
  HdpSettings prune;
  HdpCascadeConfig cascade;
  MemoryConfig memory;
  std::string energy_table = std::string(kInlineTable);
  EnergyTable energy;

  /// The stages that are on; none: dense attention.
  [[nodiscard]] std::vector<HdpStage> stages() const {
    if (!pruning) return {};
    if (!cascade.prunes()) return {HdpStage::BlocksAndHeads};
    return {HdpStage::Cascade, HdpStage::BlocksAndHeads};
  }
  /// Whether tokens or heads are ranked between layers.
  [[nodiscard]] bool cascades() const { return pruning && cascade.prunes(); }

  static constexpr auto kFields = std::tuple{
      Field{&HdpConfig::kind, "kind", "", "The accelerator."},
      Field{&HdpConfig::name, "name", "", "Name in reports."},
      Field{&HdpConfig::clock_mhz, "clock_mhz", "MHz", "Core clock.", Range{1, 100'000}},
      Field{&HdpConfig::cores, "cores", "cores",
            "Cores; head h of a layer runs on core h modulo their number.", Range{1, 1024}},
      Field{&HdpConfig::pruning, "pruning", "",
            "Off: dense attention, exact products, whole words, no masks."},
      Field{&HdpConfig::core, "core", "", "Every core."},
      Field{&HdpConfig::prune, "prune", "", "Which blocks and heads are pruned."},
      Field{&HdpConfig::cascade, "cascade", "", "Which tokens and heads go before that."},
      Field{&HdpConfig::memory, "memory", "", "The memory behind all cores."},
      Field{&HdpConfig::energy_table, "energy_table", "",
            "Table that `energy` starts from: a name, a path, or inline for the values below."},
      Field{&HdpConfig::energy, "energy", "", "Energy and area of operations."}};
};

/// Throws UserError where settings contradict each other.
void validate(const HdpConfig& config);

/// The machine of a name or file with `path=value` changes on top, complete and valid: the energy
/// table and the memory that it names have been read into it.
HdpConfig resolve_hdp(const Catalog& catalog, const std::string& name_or_path,
                      const std::vector<std::string>& changes = {});

/// The same machine with pruning, approximation and progressive fetching off: the baseline `same`.
HdpConfig without_pruning(HdpConfig config);

}  // namespace hdp
