// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include <hdp/config/field.hpp>
#include <hdp/config/ignored.hpp>
#include <hdp/prune/keep_schedule.hpp>

namespace hdp {

template <>
struct EnumNames<KeepBase::Kind> {
  static constexpr std::array<std::string_view, 2> kNames{"original", "current"};
};

inline constexpr std::string_view kLinearKeep = "linear";

/// How much of the tokens, or of the heads, stays after each layer, as a machine's file says it.
struct CascadeStage {
  std::string keep = std::string(kLinearKeep);
  double start = 0.15;
  double first = 0.9;
  double last = 0.4;
  KeepBase::Kind base = KeepBase::Kind::Original;

  static constexpr auto kFields = std::tuple{
      Field{&CascadeStage::keep, "keep", "",
            "Shares that stay, one a layer or one for all (\"0.9, 0.2x4, 0.9..0.3x10\"; \"1\" "
            "prunes nothing); or linear: all before the start, then from first to last."},
      Field{&CascadeStage::start, "start", "share of the layers",
            "Layers before it prune nothing (linear).", Range{0, 1}, Source::Recalled},
      Field{&CascadeStage::first, "first", "", "Share that stays after the first pruning layer.",
            Range{0, 1}},
      Field{&CascadeStage::last, "last", "", "Share that stays after the last layer.", Range{0, 1}},
      Field{&CascadeStage::base, "base", "",
            "What a share is taken of: the count before any pruning, or the count that is left."}};

  [[nodiscard]] bool prunes() const { return keep != "1"; }
};

/// The schedule over `layers` layers. UserError, within the setting `<place>/keep`, where `keep` is
/// neither linear nor such shares.
KeepSchedule schedule_of(const CascadeStage& stage, std::int64_t layers, std::string_view place);

IgnoredSettings ignored_settings(const CascadeStage& stage);

/// Nothing goes.
inline CascadeStage keep_all() {
  CascadeStage stage;
  stage.keep = "1";
  return stage;
}

}  // namespace hdp
