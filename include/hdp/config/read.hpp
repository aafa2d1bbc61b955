// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <hdp/config/section.hpp>

namespace hdp {

/// Which part of a JSON text is read.
struct ReadScope {
  /// The object that is read, as a path of keys ("/memory"); "" is the whole text. Where the text
  /// has no such object, every setting keeps its default.
  std::string_view at = "";
  /// Keys of that object that somebody else reads.
  std::span<const std::string_view> ignored{};
};

/// Reads a JSON object into `section`. A key that is absent keeps its default; an unknown or
/// repeated key, a wrong type and a value out of range are UserErrors whose path is `origin` (a
/// file name) and the JSON path. Reports the first mistake: of the text, else in order of the file.
/// "$schema" at the top is ignored. After an error, settings before the mistake have been set.
void read_settings(Section& section, std::string_view json_text, std::string_view origin,
                   const ReadScope& scope = {});

template <Settings Config>
void read_settings(Config& config, std::string_view json_text, std::string_view origin,
                   const ReadScope& scope = {}) {
  Section section = bind(config);
  read_settings(section, json_text, origin, scope);
}

/// The text under `key` at the top of a JSON object; nullopt where it has no such key. UserError
/// where the text is no JSON object or the value is not text.
std::optional<std::string> peek_text(std::string_view json_text, std::string_view key,
                                     std::string_view origin);

}  // namespace hdp
