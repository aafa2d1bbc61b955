// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hdp/base/error.hpp>
#include <hdp/workload/inspect.hpp>

// A file is read, or refused with a UserError; anything else that escapes is a finding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  try {
    (void)hdp::tensor_rows(hdp::Safetensors::parse(bytes, "fuzz"));
    (void)hdp::summarise(hdp::trace_from_bytes({bytes.begin(), bytes.end()}, "fuzz"));
  } catch (const hdp::UserError&) {
  }
  return 0;
}
