// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include <hdp/base/appended_file.hpp>
#include <hdp/base/log.hpp>
#include <hdp/study/stopwatch.hpp>

namespace hdp {

/// What is kept of a played point: its lines in points.csv and points.jsonl.
struct PointText {
  std::string csv, json;
};

/// Where finished points are kept in the order in which they were finished, whatever becomes of the
/// program or the machine: of a point the file holds all or, in effect, nothing.
class SweepJournal {
 public:
  /// Opens the journal, or begins one with `identity`, a line that says what the points are of.
  /// What was cut off while it was written is dropped. UserError where the identity is another one.
  SweepJournal(const std::filesystem::path& path, const std::string& identity, const Log& log);

  [[nodiscard]] bool has(std::int64_t point) const { return places_.contains(point); }
  [[nodiscard]] std::int64_t size() const { return std::ssize(places_); }
  [[nodiscard]] PointText read(std::int64_t point) const;
  /// Keeps a point; it is on the disk a quarter of a second later, or with sync(). One thread at a
  /// time.
  void append(std::int64_t point, const PointText& text);
  void sync();
  /// Calls visit(point) in rising order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [point, place] : places_) visit(point);
  }

 private:
  struct Place {
    std::uint64_t start = 0;
    std::size_t csv = 0, json = 0;
  };
  void read_entries(std::uint64_t from, const Log& log);
  [[nodiscard]] std::optional<std::pair<std::int64_t, Place>> entry_at(std::uint64_t at) const;

  std::filesystem::path path_;
  AppendedFile file_;
  std::map<std::int64_t, Place> places_;
  Stopwatch since_sync_;
};

}  // namespace hdp
