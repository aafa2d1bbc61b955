// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include <hdp/config/catalog.hpp>
#include <hdp/machine/hdp_config.hpp>
#include <hdp/machine/spatten_config.hpp>
#include <hdp/machine/spatten_rtl_config.hpp>
#include <hdp/memory/dram_config.hpp>

namespace hdp {

/// The machine of a name or file with `path=value` changes on top, complete and valid: the energy
/// table and the memory that it names have been read into it.
HdpConfig resolve_machine(const Catalog& catalog, const std::string& name_or_path,
                          const std::vector<std::string>& changes = {});

/// The `kind` that a machine's file names; "hdp" where it names none. UserError for one that there
/// is not.
std::string machine_kind(const Catalog& catalog, const std::string& name_or_path);

/// SpAtten's machine, in the same way.
SpattenConfig resolve_spatten(const Catalog& catalog, const std::string& name_or_path,
                              const std::vector<std::string>& changes = {});

/// The authors' RTL of a name or file with `path=value` changes on top, valid.
SpattenRtlConfig resolve_spatten_rtl(const Catalog& catalog, const std::string& name_or_path,
                                     const std::vector<std::string>& changes = {});

/// The DRAM of a name or file, as it stands there.
DramConfig read_memory(const Catalog& catalog, const std::string& name_or_path);

}  // namespace hdp
