// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <hdp/config/section.hpp>

namespace hdp {

/// Changes one setting: `prune.rho=0.5`, `prune={"rho": 0.5}` or `prune=@FILE` (a JSON file).
///
/// The value is JSON; what is not JSON is text (`memory.model=ideal`), and a text or a choice takes
/// anything but a JSON string as it stands (`name=5`). Mistakes are UserErrors with the dotted
/// path; after one, no setting has changed unless the value was an object.
void set_value(Section& section, std::string_view assignment);

template <Settings Config>
void set_value(Config& config, std::string_view assignment) {
  Section section = bind(config);
  set_value(section, assignment);
}

}  // namespace hdp
