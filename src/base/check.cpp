// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <hdp/base/check.hpp>
#include <hdp/base/error.hpp>

namespace hdp::detail {

void check_failed(std::string_view condition, std::string_view message, std::string_view file,
                  int line) {
  file.remove_prefix(file.find_last_of('/') + 1);
  throw LogicFault(fmt::format("{}:{}: {} (violated: {})", file, line, message, condition));
}

}  // namespace hdp::detail
