// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <hdp/config/catalog.hpp>

namespace hdp::test {

/// What the project ships.
inline const std::string kConfigs = std::string(HDP_SOURCE_DIR) + "/configs";
inline const Catalog kCatalog({kConfigs});

}  // namespace hdp::test
