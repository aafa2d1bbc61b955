// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace hdp {

/// One line on stderr that overwrites itself; silent where stderr is no terminal.
class Progress {
 public:
  Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();
  void clear();
  void show(std::int64_t done, std::int64_t total, std::string_view what);

 private:
  bool terminal_;
  bool shown_ = false;
};

}  // namespace hdp
