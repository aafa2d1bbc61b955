// SPDX-License-Identifier: Apache-2.0
#include "workload/encoder_settings.hpp"

#include <utility>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/read.hpp>

namespace hdp {
namespace {

constexpr std::string_view kEncoderKey = "encoder";

/// `work`, its mistakes below the key.
template <class Work>
auto below_key(std::string_view origin, const Work& work) {
  try {
    return work();
  } catch (const UserError& mistake) {
    Mistake inner = mistake.mistake();
    inner.path = fmt::format("{}: /{}{}", origin, kEncoderKey, inner.path);
    throw UserError(std::move(inner));
  }
}

}  // namespace

std::optional<SyntheticEncoderConfig> detail::encoder_config(std::string_view text,
                                                             std::string_view origin) {
  const Fact root = parse_facts(text, origin);
  const auto* file = root.as<Facts>();
  const Fact* found = file == nullptr ? nullptr : file->find(kEncoderKey);
  if (found == nullptr) return std::nullopt;
  for (const NamedFact& fact : *file)
    if (fact.name != kEncoderKey && fact.name != "$schema")
      refuse(fmt::format("{}: /{}", origin, one_line(fact.name)), "beside an encoder",
             "encoder alone");
  SyntheticEncoderConfig config;
  below_key(origin, [&] { read_settings(config, facts_text(*found), ""); });
  return config;
}

Encoder detail::synthetic_encoder(const SyntheticEncoderConfig& config, std::string_view origin) {
  return below_key(origin, [&] { return make_synthetic_encoder(config); });
}

}  // namespace hdp
