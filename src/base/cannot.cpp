// SPDX-License-Identifier: Apache-2.0
#include "cannot.hpp"

#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>

#include <hdp/base/error.hpp>

namespace hdp {

void cannot(std::string_view verb, const std::filesystem::path& path, int error) {
  throw UserError(
      {.path = path.string(),
       .problem = fmt::format("cannot {}: {}", verb, std::generic_category().message(error))});
}

std::string_view kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "a pipe";
  return S_ISSOCK(mode) ? "a socket" : "a device";
}

}  // namespace hdp
