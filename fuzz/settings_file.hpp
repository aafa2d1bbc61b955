// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "target.hpp"
#include <hdp/config/read.hpp>
#include <hdp/config/write.hpp>

namespace hdp::fuzz {

/// Reads a settings file; what was read must write and read back. Whether it was legal.
template <Settings Config>
bool reads(std::string_view input, Config& config) {
  if (!accepts([&] { read_settings(config, input, "input"); })) return false;
  const std::string text = write_settings(config);
  Config back;
  read_settings(back, text, "written");
  expect(write_settings(back) == text, "settings write and read back");
  return true;
}

}  // namespace hdp::fuzz
