// SPDX-License-Identifier: Apache-2.0
#include "progress.hpp"

#include <cstdio>

#include <fmt/core.h>
#include <unistd.h>

namespace hdp {

Progress::Progress() : terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
  shown_ = false;
}

void Progress::show(std::int64_t done, std::int64_t total, std::string_view what) {
  if (!terminal_) return;
  shown_ = true;
  fmt::print(stderr, "\r\x1b[K[{}/{}] {}", done, total, what);
  std::fflush(stderr);
}

}  // namespace hdp
