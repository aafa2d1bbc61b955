// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <filesystem>

namespace hdp {

/// What goes when the program is told to stop (INT, TERM, HUP): a file, or a folder while empty.
/// The last one made goes first.
void remove_when_interrupted(const std::filesystem::path& path);
/// From now on a signal removes nothing.
void forget_leftovers();

/// While it lives, this thread is not interrupted: results appear all or not at all.
class Uninterrupted {
 public:
  Uninterrupted();
  Uninterrupted(const Uninterrupted&) = delete;
  Uninterrupted& operator=(const Uninterrupted&) = delete;
  ~Uninterrupted();

 private:
  sigset_t before_{};
};

}  // namespace hdp
