// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/report/page_point.hpp>

namespace hdp {

/// An axis of a sweep: a setting, or several that move together.
struct PageAxis {
  std::vector<std::string> paths;
};

/// Points that were made together: a folder.
struct PageStudy {
  std::string name;  ///< As the user named it.
  std::string kind;  ///< "sweep", "run", "table", "ablation".
  std::vector<PageAxis> axes{};
  std::string workload{};  ///< Of all points, where axes change it; "": as each says.
  std::string command{};   ///< Makes a point again, with its number behind; "": each has its own.
};

/// What a page shows, as JSON for its scripts. Points go in one by one, and what the page says of
/// each is kept: about a kilobyte, whatever the size of its report.
class PageData {
 public:
  PageData();
  PageData(const PageData&) = delete;
  PageData& operator=(const PageData&) = delete;
  ~PageData();

  /// Points that follow are of this study.
  void start(const PageStudy& study);
  /// A point of the study that was started last, with a value an axis path of it.
  void add(const PagePoint& point);
  /// Format "page-1", in one line. Holds no '<', so that it may stand in a script element.
  [[nodiscard]] std::string text() const;
  /// Puts it behind `to`.
  void write(std::string& to) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The files that a page's template names, in order: of its `<script src="...">` and
/// `<link rel="stylesheet" href="...">`. UserError, which names the template as `origin`, for one
/// that is not just the name of a file beside it.
std::vector<std::string> page_files(std::string_view page, const std::string& origin);

/// The template with its files and the data in it: one text that loads nothing, which its policy
/// forbids, too. UserError where it has no place for the data.
std::string page_text(std::string_view page, const std::map<std::string, std::string>& files,
                      const PageData& data, const std::string& origin);

}  // namespace hdp
