// SPDX-License-Identifier: Apache-2.0
#include "progress.hpp"

#include <cstddef>
#include <cstdio>
#include <string>

#include <fmt/core.h>
#include <unistd.h>

#include <hdp/base/one_line.hpp>

namespace hdp {

constexpr std::size_t kLongest = 60;  // a line that wraps is not erased

Progress::Progress() : terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() { clear_line(); }

void Progress::clear_line() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
  shown_ = false;
}

void Progress::clear() {
  const std::lock_guard lock(mutex_);
  clear_line();
}

void Progress::show(std::int64_t done, std::int64_t total, std::string_view what) {
  if (!terminal_) return;
  const std::lock_guard lock(mutex_);
  shown_ = true;
  const std::string line = fmt::format("\r\x1b[K[{}/{}] {}", done, total, one_line(what, kLongest));
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

void Progress::show(double share, std::string_view what) {
  constexpr std::int64_t kSteps = 1000;
  show(static_cast<std::int64_t>(static_cast<double>(kSteps) * share), kSteps, what);
}

void Progress::write_beside(const std::function<void()>& write) {
  const std::lock_guard lock(mutex_);
  clear_line();
  write();
}

}  // namespace hdp
