// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <hdp/config/section.hpp>

namespace hdp {

/// A text at the top of a file that belongs to somebody else than the settings ("kind", "name").
struct TextKey {
  std::string_view name;
  std::string_view doc;
  std::span<const std::string_view> words{};  ///< The texts it may be; none listed: any.
};

/// The JSON Schema (draft-07) of the files that read_settings accepts. The values that `defaults`
/// holds become the defaults. It is as strict as the reader but for 5.0, an integer in JSON Schema.
std::string write_schema(const Section& defaults, std::string_view title,
                         std::span<const TextKey> others = {});

template <Settings Config>
std::string write_schema(std::string_view title, std::span<const TextKey> others = {}) {
  Config defaults{};
  return write_schema(bind(defaults), title, others);
}

}  // namespace hdp
