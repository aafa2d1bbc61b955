// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hdp {

/// What a controller says to a device. PreAll and Ref go to a whole rank.
enum class DramCommand : std::uint8_t { Act, Pre, PreAll, Rd, Wr, Ref };
inline constexpr std::size_t kDramCommands = 6;
inline constexpr std::array<std::string_view, kDramCommands> kDramCommandNames{"ACT", "PRE", "PREA",
                                                                               "RD",  "WR",  "REF"};

constexpr std::size_t index_of(DramCommand command) { return static_cast<std::size_t>(command); }
constexpr bool is_column(DramCommand command) {
  return command == DramCommand::Rd || command == DramCommand::Wr;
}

}  // namespace hdp
