// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <exception>

namespace hdp {

/// The first exception of work that several threads share; once there is one, no more is begun.
class FirstFailure {
 public:
  /// Does the work, unless some has failed, and keeps what it throws.
  template <class Work>
  void guard(const Work& work) {
    if (failed()) return;
    try {
      work();
    } catch (...) {
      if (!failed_.exchange(true)) what_ = std::current_exception();
    }
  }
  [[nodiscard]] bool failed() const { return failed_; }
  /// Once all threads are done: throws it, where there is one.
  void rethrow() const {
    if (what_) std::rethrow_exception(what_);
  }

 private:
  std::atomic<bool> failed_{false};
  std::exception_ptr what_;
};

}  // namespace hdp
