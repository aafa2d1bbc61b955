// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/machine/hdp/config.hpp>

namespace hdp {
namespace {

void need_multiple(std::string_view setting, std::int64_t value, std::int64_t block_size) {
  if (value % block_size == 0) return;
  throw UserError(
      {.path = fmt::format("/core/pe_array/{}", setting),
       .problem = fmt::format("{} is no multiple of /prune/block_size {}", value, block_size),
       .unit = "PEs",
       .allowed =
           fmt::format("multiples of {}, so that no block straddles two tiles", block_size)});
}

}  // namespace

void validate(const HdpConfig& config) {
  if (std::ranges::any_of(config.name, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    throw UserError({.path = "/name",
                     .problem = "holds control characters",
                     .allowed = "one line of printable text"});
  validate(config.memory);
  validate(config.energy);
  if (!config.pruning) return;
  validate(config.prune);
  need_multiple("rows", config.core.pe_array.rows, config.prune.block_size);
  need_multiple("columns", config.core.pe_array.columns, config.prune.block_size);
}

const SramConfig& sram_of(const CoreConfig& core, Buffer buffer) {
  switch (buffer) {
    case Buffer::Q:
      return core.q_sram;
    case Buffer::K:
      return core.k_sram;
    case Buffer::V:
      return core.v_sram;
    case Buffer::Score:
      return core.score_sram;
    default:
      return core.mask_sram;
  }
}

bool has_buffer(const HdpConfig& config, Buffer buffer) {
  return buffer != Buffer::Mask || config.pruning;
}

HdpConfig without_pruning(HdpConfig config) {
  config.pruning = false;
  config.cascade.token = config.cascade.head = keep_all();
  return config;
}

}  // namespace hdp
