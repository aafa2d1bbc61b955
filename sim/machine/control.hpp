// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <hdp/config/field.hpp>
#include <hdp/kernel/unit.hpp>

namespace hdp {

/// The sequencers of the machines: busy while a head is theirs, never blocked.
const UnitKind& sequencer_kind();
/// All of a core, which has a head or none.
const UnitKind& core_kind();

enum class ControlWait : std::uint8_t { Count };
template <>
struct EnumNames<ControlWait> {
  static constexpr std::array<std::string_view, 0> kNames{};
};

}  // namespace hdp
