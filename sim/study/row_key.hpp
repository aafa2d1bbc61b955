// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>

#include <hdp/base/digest.hpp>
#include <hdp/base/version.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

/// A digest of everything that a row on `workload` depends on.
inline std::string row_key(std::initializer_list<std::string> settings, const Workload& workload) {
  Sha256 digest;
  digest.update(kVersion);
  for (const std::string& text : settings) digest.update(text + '\n');
  digest.update(workload.name() + '\n' + facts_text(workload.facts()));
  return digest.hex();
}

}  // namespace hdp
