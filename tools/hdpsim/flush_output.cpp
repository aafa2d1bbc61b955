// SPDX-License-Identifier: Apache-2.0
#include "flush_output.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fmt/core.h>

#include <hdp/base/error.hpp>

namespace hdp {

void flush_output() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  throw UserError(
      {.path = "stdout",
       .problem = fmt::format("cannot write: {}", std::generic_category().message(errno))});
}

}  // namespace hdp
