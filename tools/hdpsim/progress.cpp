// SPDX-License-Identifier: Apache-2.0
#include "progress.hpp"

#include <cstdio>

#include <fmt/core.h>
#include <unistd.h>

namespace hdp {

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
  fmt::print(stderr, "\r\x1b[K[{}/{}] {}", done, total, what);
  std::fflush(stderr);
}

void Progress::write_beside(const std::function<void()>& write) {
  const std::lock_guard lock(mutex_);
  clear_line();
  write();
}

}  // namespace hdp
