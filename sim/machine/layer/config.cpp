// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/machine/layer/config.hpp>

namespace hdp {

void validate(const LayerConfig& config, std::string_view path) {
  if ((config.kept == 0) != (config.of == 0) || config.kept > config.of)
    refuse(fmt::format("{}/kept", path), fmt::format("{} of {}", config.kept, config.of),
           "1 <= kept <= of, or 0 of 0: dense");
}

}  // namespace hdp
