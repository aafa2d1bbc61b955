// SPDX-License-Identifier: Apache-2.0
// Any text read as a configuration gives settings that write and read back, or a UserError.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "config/sample.hpp"
#include <hdp/base/error.hpp>
#include <hdp/config/assign.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/write.hpp>

namespace {

using hdp::test::Sample;

void expect_round_trip(const Sample& sample) {
  const std::string text = hdp::write_settings(sample);
  Sample back;
  hdp::read_settings(back, text, "written");
  if (back != sample || hdp::write_settings(back) != text) std::abort();
}

template <class Action>
void run(Action action) {
  Sample sample;
  try {
    action(sample);
  } catch (const hdp::UserError& error) {
    if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
  }
  expect_round_trip(sample);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  run([&](Sample& sample) { hdp::read_settings(sample, input, "fuzz"); });
  run([&](Sample&) { (void)hdp::peek_text(input, "kind", "fuzz"); });
  const bool reads_file = input.find("=@") != std::string_view::npos;
  if (!reads_file) run([&](Sample& sample) { hdp::set_value(sample, input); });
  return 0;
}
