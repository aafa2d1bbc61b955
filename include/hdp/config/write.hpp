// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <hdp/config/section.hpp>

namespace hdp {

/// The canonical JSON text of `section`: every setting, keys in the order of the tables, two spaces
/// of indent, doubles in the shortest form that reads back the same and always with '.' or an
/// exponent, a newline at the end. Doubles must be finite and texts UTF-8.
std::string write_settings(const Section& section);

template <Settings Config>
std::string write_settings(Config config) {
  return write_settings(bind(config));
}

/// The value of one setting, as write_settings writes it.
std::string value_text(const Setting& setting);

}  // namespace hdp
