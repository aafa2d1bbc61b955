// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hdp/base/facts.hpp>
#include <hdp/report/setting_list.hpp>

namespace hdp {

/// Configurations that have much in common: one a machine whole, of the others what differs. Every
/// setting that differs stands once, whatever the number of points that have it.
class PageSettings {
 public:
  /// What a point says: the whole configuration that it is like, then the differences.
  std::vector<std::size_t> add(const std::string& machine, const Facts& config);

  /// The whole ones, a list of [path, JSON] each.
  [[nodiscard]] Fact::List wholes() const;
  /// The differences: [path, JSON]; [path] where the whole one's setting is not there.
  [[nodiscard]] Fact::List differences() const;

 private:
  struct Whole {
    std::vector<ListedSetting> settings;
    std::map<std::string_view, std::string_view> by_path;  ///< Of `settings`.
  };
  std::size_t difference(std::string path, std::string json, bool there);

  std::deque<Whole> wholes_;                     // its elements stay where they are
  std::map<std::string, std::size_t> whole_of_;  ///< By machine.
  std::map<std::pair<std::string, std::string>, std::size_t> known_;
  Fact::List differences_;
};

}  // namespace hdp
