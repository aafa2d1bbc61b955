// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hdp {

/// `text` as one line that only shows: what steers a terminal or breaks a line is escaped. That is
/// C0, DEL and C1 ("\n", "\x1b", "\u0085"), line and paragraph separators, marks that turn the
/// direction of text ("\u202e"), and bytes that are no UTF-8 ("\xff").
std::string one_line(std::string_view text);

/// The same, at most some `most` bytes: of a longer text the beginning and the end.
std::string one_line(std::string_view text, std::size_t most);

/// UserError at `path` where `text`, a name that reports repeat, is not one line that only shows.
void need_one_line(std::string_view path, std::string_view text);

}  // namespace hdp
