// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>

namespace hdp {

/// One line on stderr that overwrites itself; silent where stderr is no terminal. From any thread.
class Progress {
 public:
  Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();
  void clear();
  void show(std::int64_t done, std::int64_t total, std::string_view what);
  /// The same of a share, in thousandths.
  void show(double share, std::string_view what);
  /// Writes to the terminal with the line out of the way.
  void write_beside(const std::function<void()>& write);

 private:
  void clear_line();

  std::mutex mutex_;
  bool terminal_;
  bool shown_ = false;
};

}  // namespace hdp
