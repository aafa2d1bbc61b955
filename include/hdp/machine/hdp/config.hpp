// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <hdp/config/catalog.hpp>
#include <hdp/config/field.hpp>
#include <hdp/config/section.hpp>
#include <hdp/machine/energy_table.hpp>
#include <hdp/machine/hdp/rules.hpp>
#include <hdp/machine/hdp/work_totals.hpp>
#include <hdp/machine/layer/config.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/memory/sram.hpp>
#include <hdp/units/fetch_unit.hpp>
#include <hdp/units/pe_array.hpp>
#include <hdp/units/probability_unit.hpp>
#include <hdp/units/softmax_unit.hpp>
#include <hdp/units/sparsity_engine.hpp>

namespace hdp {

class Workload;

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

/// Where Q and K are cut into planes: they lie in DRAM as planes, or as words that are split on the
/// way in, so that both planes are fetched at once.
enum class Planes : std::uint8_t { Stored, SplitOnFetch };
template <>
struct EnumNames<Planes> {
  static constexpr std::array<std::string_view, 2> kNames{"stored", "split_on_fetch"};
};

/// The fetch unit of a core, which knows masks.
struct MaskFetchConfig : FetchConfig {
  Planes planes = Planes::Stored;
  bool reuse = true;

  static constexpr auto kFields = std::tuple_cat(
      std::tuple{Field{&MaskFetchConfig::planes, "planes", "",
                       "stored: Q and K lie in DRAM as planes, each fetched when it is needed; "
                       "split_on_fetch: as words, whose planes are fetched together."},
                 Field{&MaskFetchConfig::reuse, "reuse", "",
                       "Kept rows of K and V are fetched once a slice where they fit, else once a "
                       "group of strips; off: every row of blocks fetches its own."}},
      FetchConfig::kFields);
};

/// One core: everything that a head needs but the DRAM.
struct CoreConfig {
  PeArrayConfig pe_array;
  SparsityEngineConfig sparsity_engine;
  SoftmaxConfig softmax;
  ProbabilityUnitConfig probability_unit;
  MaskFetchConfig fetch;
  SramConfig q_sram{.bytes = 16'384};
  SramConfig k_sram;
  SramConfig v_sram;
  SramConfig score_sram;
  SramConfig mask_sram{.bytes = 16'384};
  std::int64_t contexts = 2;
  ScoreStore score_store = ScoreStore::Auto;
  bool early_keep = false;
  bool write_zeros = true;

  static constexpr std::array<MovedSetting, 3> kMoved{{{"q_sram_bytes", "q_sram.bytes"},
                                                       {"score_sram_bytes", "score_sram.bytes"},
                                                       {"mask_sram_bytes", "mask_sram.bytes"}}};
  static constexpr auto kFields = std::tuple{
      Field{&CoreConfig::pe_array, "pe_array", "", "The PE array."},
      Field{&CoreConfig::sparsity_engine, "sparsity_engine", "", "Masks and head decision."},
      Field{&CoreConfig::softmax, "softmax", "", "The softmax unit."},
      Field{&CoreConfig::probability_unit, "probability_unit", "",
            "The probability unit of prune.probability."},
      Field{&CoreConfig::fetch, "fetch", "", "Fetch upon mask."},
      Field{&CoreConfig::q_sram, "q_sram", "", "Rows of Q of the strips under way."},
      Field{&CoreConfig::k_sram, "k_sram", "", "Rows of K: both planes, or words."},
      Field{&CoreConfig::v_sram, "v_sram", "", "Rows of V."},
      Field{&CoreConfig::score_sram, "score_sram", "",
            "Scores, then probabilities, of the strips under way; where V comes in pieces, also "
            "their unfinished outputs. A second port serves the softmax unit."},
      Field{&CoreConfig::mask_sram, "mask_sram", "",
            "Block importances of the strips in the integer pass, and masks, a bit a block."},
      Field{
          &CoreConfig::contexts, "contexts", "slices",
          "Slices on the core at a time, each with buffers of its own: loads and the integer pass "
          "of the next one overlap the end of the last.",
          Range{1, 16}},
      Field{
          &CoreConfig::score_store, "score_store", "",
          "Integer scores until the fraction products: keep them, recompute those of kept blocks, "
          "or keep them where they fit (auto)."},
      Field{&CoreConfig::early_keep, "early_keep", "",
            "Start on finished strips as soon as the partial head importance exceeds the limit."},
      Field{&CoreConfig::write_zeros, "write_zeros", "",
            "A pruned head writes its output as zeros."}};
};

/// Who takes the next slice: the first core that is free, or slice s core s modulo their number.
enum class Assignment : std::uint8_t { NextFree, RoundRobin };
template <>
struct EnumNames<Assignment> {
  static constexpr std::array<std::string_view, 2> kNames{"next_free", "round_robin"};
};

/// What a core is given at a time: a slice of the query heads that share K and V.
struct SchedulingConfig {
  std::int64_t slice_heads = 0;
  Assignment assignment = Assignment::NextFree;

  static constexpr auto kFields = std::tuple{
      Field{&SchedulingConfig::slice_heads, "slice_heads", "heads",
            "Query heads of a slice: they share K and V, fetched once. 0: as many as share K and "
            "V, but no more than ceil(heads / cores), over all sequences of a batch; 1: every head "
            "fetches its own.",
            Range{0, 1024}},
      Field{&SchedulingConfig::assignment, "assignment", "",
            "next_free: the next slice goes to the first core with a free context; round_robin: "
            "slice s goes to core s modulo cores."}};
};

/// The HDP co-processor, resolved (docs/hdp.md). With `pruning` off the same hardware computes
/// dense attention.
struct HdpConfig : HdpRules {
  HdpKind kind = HdpKind::Hdp;
  std::string name = "hdp";
  std::int64_t clock_mhz = 1000;
  std::int64_t cores = 2;
  SchedulingConfig scheduling;
  CoreConfig core;
  LayerConfig layer;
  MemoryConfig memory;
  std::string energy_table = std::string(kInlineTable);
  EnergyTable energy;

  static constexpr auto kFields = std::tuple{
      Field{&HdpConfig::kind, "kind", "", "The accelerator."},
      Field{&HdpConfig::name, "name", "", "Name in reports."},
      Field{&HdpConfig::clock_mhz, "clock_mhz", "MHz", "Core clock.", Range{1, 100'000}},
      Field{&HdpConfig::cores, "cores", "cores", "Cores, each with contexts for slices of heads.",
            Range{1, 1024}},
      Field{&HdpConfig::pruning, "pruning", "",
            "Off: dense attention, exact products, whole words, no masks."},
      Field{&HdpConfig::scheduling, "scheduling", "", "How heads are given to cores."},
      Field{&HdpConfig::core, "core", "", "Every core."},
      Field{&HdpConfig::prune, "prune", "", "Which blocks and heads are pruned."},
      Field{&HdpConfig::cascade, "cascade", "", "Which tokens and heads go before that."},
      Field{&HdpConfig::layer, "layer", "",
            "The layers around the attention, on the PEs of all cores together."},
      Field{&HdpConfig::memory, "memory", "", "The memory behind all cores."},
      Field{&HdpConfig::energy_table, "energy_table", "",
            "Table that `energy` starts from: a name, a path, or inline for the values below."},
      Field{&HdpConfig::energy, "energy", "", "Energy and area of operations."}};
};

/// The SRAM of a core that is this buffer, and whether the machine has it at all.
const SramConfig& sram_of(const CoreConfig& core, Buffer buffer);
bool has_buffer(const HdpConfig& config, Buffer buffer);

/// Throws UserError where settings contradict each other.
void validate(const HdpConfig& config);

IgnoredSettings ignored_settings(const HdpConfig& config, const Workload& workload);

/// The machine of a name or file with `path=value` changes on top, complete and valid: the energy
/// table and the memory that it names have been read into it.
HdpConfig resolve_hdp(const Catalog& catalog, const std::string& name_or_path,
                      const std::vector<std::string>& changes = {});

/// The same machine with pruning, approximation and progressive fetching off: the baseline `same`.
HdpConfig without_pruning(HdpConfig config);

}  // namespace hdp
