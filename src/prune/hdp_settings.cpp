// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/prune/hdp_settings.hpp>

namespace hdp {

void validate(const HdpSettings& settings) {
  if (settings.fraction_bits && *settings.fraction_bits >= settings.word_bits)
    throw UserError({.path = "/prune/fraction_bits",
                     .problem = fmt::format("{} fraction bits leave no sign in a word of {}",
                                            *settings.fraction_bits, settings.word_bits),
                     .unit = "bits",
                     .allowed = fmt::format("0 to {}, or auto", settings.word_bits - 1)});
  if (settings.keep == 0)
    throw UserError({.path = "/prune/keep",
                     .problem = "0 keeps no block",
                     .unit = "share",
                     .allowed = "above 0, up to 1"});
}

IgnoredSettings ignored_settings(const HdpSettings& settings) {
  IgnoredSettings ignored;
  if (settings.fraction_bits)
    add_ignored(ignored, {"max_saturated"}, "fraction_bits is given", "fraction_bits=auto");
  if (settings.rule == PruneRule::TopK)
    add_ignored(ignored, {"rho"}, "rule is top_k", "rule=threshold");
  else
    add_ignored(ignored, {"keep"}, "rule is threshold", "rule=top_k");
  return ignored;
}

}  // namespace hdp
