// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace hdp {

/// Calls work(i) once for every i in [0, count) on up to `threads` threads, on fewer where the
/// system starts no more. The first exception is rethrown after all threads have stopped. Results
/// must go to slots by index, so that they do not depend on the number of threads.
void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& work);

}  // namespace hdp
