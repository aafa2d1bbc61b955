// SPDX-License-Identifier: Apache-2.0
#include "machine/spatten/buffer_room.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include <hdp/base/error.hpp>

namespace hdp::spatten {
namespace {

struct Place {
  std::int64_t step = 0, layer = 0, head = 0;
};

struct Buffer {
  std::string_view setting, what;
  std::int64_t bytes = 0;
};

Buffer keys_of(const SpattenConfig& config) {
  return {"k_buffer_bytes", "keys", config.k_buffer_bytes};
}
Buffer values_of(const SpattenConfig& config) {
  return {"v_buffer_bytes", "values", config.v_buffer_bytes};
}

/// Vectors of `d` elements that a buffer holds.
std::int64_t room_in(const Buffer& buffer, const SpattenConfig& config, std::int64_t d) {
  return 8 * buffer.bytes / (d * config.word_bits);
}

void check(const Buffer& buffer, const SpattenConfig& config, const Place& place, std::int64_t d,
           std::int64_t vectors) {
  const std::int64_t most = room_in(buffer, config, d);
  if (vectors <= most) return;
  refuse(fmt::format("/{}", buffer.setting),
         fmt::format("step {} layer {} head {} has {} {} of {} elements", place.step, place.layer,
                     place.head, vectors, buffer.what, d),
         fmt::format("at most {} in {} bytes", most, buffer.bytes));
}

}  // namespace

void check_room(const SpattenConfig& config, const SpattenPass& pass) {
  const Place place{pass.step, pass.layer, pass.heads.front()};
  check(keys_of(config), config, place, pass.d, std::ssize(*pass.keys));
  check(values_of(config), config, place, pass.d, std::ssize(pass.values));
  if (pass.single() && std::ssize(pass.heads) > config.score_rows)
    refuse("/score_rows",
           fmt::format("step {} layer {} has {} heads in a slice, whose rows wait together for V",
                       pass.step, pass.layer, pass.heads.size()),
           fmt::format("at most {}", config.score_rows));
}

void check_room(const SpattenConfig& config, const Trace& trace) {
  const LayerShape& shape = trace.shape(0);
  const Buffer keys = keys_of(config);
  if (trace.stage() == Stage::Decode) {
    // The first step that does not fit; step t has n_ctx + t + 1 keys.
    const std::int64_t least = std::max(room_in(keys, config, shape.d), trace.n_ctx()) + 1;
    if (least <= shape.n_k) check(keys, config, {least - trace.n_ctx() - 1, 0, 0}, shape.d, least);
    return;  // values that are kept: the plan knows
  }
  check(keys, config, {}, shape.d, shape.n_k);
  if (shape.n_q > 1) check(values_of(config), config, {}, shape.d, shape.n_k);
}

}  // namespace hdp::spatten
