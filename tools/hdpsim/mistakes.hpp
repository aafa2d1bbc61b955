// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include <hdp/base/error.hpp>

namespace hdp {

/// What the parser found wrong with the command line: one line, with the nearest known name where
/// a word was misspelled.
UserError mistake_of(const CLI::App& app, const CLI::ParseError& error, int argc,
                     const char* const* argv);

}  // namespace hdp
