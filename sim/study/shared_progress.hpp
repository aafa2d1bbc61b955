// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace hdp {

/// Progress of several runs at once, as one share of all work; from any thread.
class SharedProgress {
 public:
  using Observer = std::function<void(double share, const std::string& what)>;
  SharedProgress(std::size_t jobs, Observer observer)
      : observer_(std::move(observer)), shares_(jobs, 0) {}

  void show(std::size_t job, double share, const std::string& what) {
    if (!observer_) return;
    const std::lock_guard lock(mutex_);
    shares_[job] = share;
    const double sum = std::accumulate(shares_.begin(), shares_.end(), 0.0);
    observer_(sum / static_cast<double>(shares_.size()), what);
  }
  /// What a run tells of itself, as part of all; this must outlive it.
  [[nodiscard]] std::function<void(std::int64_t done, std::int64_t total)> of_job(
      std::size_t job, const std::string& what) {
    return [this, job, what](std::int64_t done, std::int64_t total) {
      show(job, static_cast<double>(done) / static_cast<double>(total), what);
    };
  }

 private:
  Observer observer_;
  std::mutex mutex_;
  std::vector<double> shares_;
};

}  // namespace hdp
