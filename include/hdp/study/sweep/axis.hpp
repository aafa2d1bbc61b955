// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <hdp/base/facts.hpp>
#include <hdp/config/object_reader.hpp>

namespace hdp {

/// What a setting is drawn from, where a sample is not bound to a list of values.
struct SweepSpan {
  double from = 0, to = 0;
  bool log = false;
  bool whole = false;  ///< Both ends are written as whole numbers: so are all values.
};

/// One direction of a sweep: a setting and its values, or several that move together.
struct SweepAxis {
  struct Setting {
    std::string path;
    Fact::List values{};
  };
  std::vector<Setting> settings;    ///< All with as many values.
  std::optional<SweepSpan> span{};  ///< Of one setting without values.

  /// Values, of which there is one at least; 0 for a span.
  [[nodiscard]] std::size_t size() const { return settings.front().values.size(); }
  /// What setting `s` is at the coordinate `at`, in [0, 1).
  [[nodiscard]] Fact value_at(std::size_t s, double at) const;
};

/// {"path", "values"}, {"path", "from", "to", "count", "scale"} or {"zip": [axis, ...]}, each in
/// its place in a file. A span without count is taken where `spans` says so.
SweepAxis read_axis(ObjectReader axis, bool spans);

/// The axis as JSON: values are listed, so that reading gives them again.
Facts facts_of(const SweepAxis& axis);

}  // namespace hdp
