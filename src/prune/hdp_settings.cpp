// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/prune/hdp_settings.hpp>

namespace hdp {
namespace {

void check_probability(const HdpSettings& settings) {
  const auto need = [](bool met, std::string_view setting, std::string_view has,
                       std::string_view wanted) {
    if (met) return;
    throw UserError({.path = "/prune/probability",
                     .problem = fmt::format("does not go with /prune/{} {}", setting, has),
                     .allowed = fmt::format("null, or with /prune/{} {}", setting, wanted)});
  };
  need(settings.split == SplitMode::Floor, "split", name_of(settings.split), "floor");
  need(settings.masked == Masked::Exclude, "masked", name_of(settings.masked), "exclude");
  if (settings.fraction_bits) fraction_chunks(settings, *settings.fraction_bits);
}

}  // namespace

std::vector<std::int64_t> fraction_chunks(const HdpSettings& settings, std::int64_t fraction_bits) {
  const std::vector<std::int64_t>& chunks = settings.probability->chunk_bits;
  if (chunks.empty() && fraction_bits == 0) return {};
  if (chunks.empty()) return {fraction_bits};
  const std::int64_t sum = std::accumulate(chunks.begin(), chunks.end(), std::int64_t{0});
  if (sum != fraction_bits)
    throw UserError(
        {.path = "/prune/probability/chunk_bits",
         .problem = fmt::format("[{}] add up to {}", fmt::join(chunks, ", "), sum),
         .unit = "bits",
         .allowed = fmt::format("chunks of the {} fraction bits in use, or []", fraction_bits)});
  return chunks;
}

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
  if (settings.probability) check_probability(settings);
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
