// SPDX-License-Identifier: Apache-2.0
// Any text read as a workload file gives rows that write and read back, or a UserError of one line.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <hdp/base/error.hpp>
#include <hdp/workload/spatten_summary.hpp>
#include <hdp/workload/spatten_traffic.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  hdp::SpattenWorkload workload;
  try {
    workload = hdp::parse_spatten_workload(input, "fuzz");
  } catch (const hdp::UserError& error) {
    if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    return 0;
  }
  const std::string text = hdp::write_spatten_workload(workload);
  const hdp::SpattenWorkload back = hdp::parse_spatten_workload(text, "written");
  if (back.rows != workload.rows || back.trailer != workload.trailer) std::abort();
  (void)hdp::summarise(workload);
  (void)hdp::rtl_traffic(workload.rows);
  return 0;
}
