// SPDX-License-Identifier: Apache-2.0
#include <hdp/base/log.hpp>
#include <hdp/base/one_line.hpp>

namespace hdp {

void Log::hand_over(LogLevel level, std::string_view text) const {
  sink_->log(level, one_line(text));
}

}  // namespace hdp
