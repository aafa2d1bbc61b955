// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <hdp/config/schema.hpp>
#include <hdp/workload/schemas.hpp>
#include <hdp/workload/spatten_generator.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp {

std::span<const FileSchema> workload_schemas() {
  static constexpr std::array<FileSchema, 2> kSchemas{
      {{"workload", [] { return write_schema<SyntheticConfig>("hdpsim synthetic workload"); }},
       {"spatten_workload",
        [] { return write_schema<SpattenGeneratorConfig>("hdpsim SpAtten workload"); }}}};
  return kSchemas;
}

}  // namespace hdp
