// SPDX-License-Identifier: Apache-2.0
#include "config/schema_check.hpp"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace hdp::test {

bool is_valid(const nlohmann::json& document, const nlohmann::json& schema) {
  using Adapter = valijson::adapters::NlohmannJsonAdapter;
  valijson::Schema parsed;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(Adapter(schema), parsed);
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  return validator.validate(parsed, Adapter(document), nullptr);
}

}  // namespace hdp::test
