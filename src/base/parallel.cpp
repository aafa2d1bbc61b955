// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

#include <hdp/base/first_failure.hpp>
#include <hdp/base/parallel.hpp>

namespace hdp {

void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  FirstFailure failure;
  const auto drain = [&] {
    for (std::size_t i = next++; i < count && !failure.failed(); i = next++)
      failure.guard([&] { work(i); });
  };
  {
    std::vector<std::jthread> helpers;
    try {
      for (unsigned t = 1; t < threads && t < count; ++t) helpers.emplace_back(drain);
    } catch (const std::system_error&) {
      // The system has no more threads for us: those that run do the work.
    }
    drain();
  }
  failure.rethrow();
}

}  // namespace hdp
