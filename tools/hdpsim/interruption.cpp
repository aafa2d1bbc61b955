// SPDX-License-Identifier: Apache-2.0
#include "interruption.hpp"

#include <array>
#include <atomic>
#include <climits>
#include <cstring>

#include <unistd.h>

namespace hdp {
namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

/// In memory that a handler may read at any time.
struct Leftover {
  std::array<char, PATH_MAX> path{};
};
constexpr std::size_t kMost = 64;  // as many outputs and folders as a command line names
// A signal handler reaches nothing else.
std::array<Leftover, kMost> leftovers;  // NOLINT(*-avoid-non-const-global-variables)
std::atomic<std::size_t> count{0};      // NOLINT(*-avoid-non-const-global-variables)
static_assert(std::atomic<std::size_t>::is_always_lock_free);

void remove_all_named() {
  for (std::size_t i = count.exchange(0); i-- > 0;) {
    const char* const path = leftovers[i].path.data();
    if (::unlink(path) != 0) ::rmdir(path);
  }
}

void stop(int signal) {
  remove_all_named();
  // The handler was installed for once: this ends the program as the signal does.
  ::raise(signal);
}

/// A program that was told to ignore a signal (nohup) goes on doing so.
void listen() {
  for (const int signal : kSignals) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = stop;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace

void remove_when_interrupted(const std::filesystem::path& path) {
  const std::string& name = path.native();
  const std::size_t at = count;
  if (at == kMost || name.size() >= PATH_MAX) return;
  if (at == 0) listen();
  std::memcpy(leftovers[at].path.data(), name.c_str(), name.size() + 1);
  count = at + 1;
}

void forget_leftovers() { count = 0; }

Uninterrupted::Uninterrupted() {
  sigset_t held;
  sigemptyset(&held);
  for (const int signal : kSignals) sigaddset(&held, signal);
  ::pthread_sigmask(SIG_BLOCK, &held, &before_);
}

Uninterrupted::~Uninterrupted() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace hdp
