// SPDX-License-Identifier: Apache-2.0
// Any text read as a configuration or as `--set` gives settings that write and read back.
#include "config/sample.hpp"
#include "mutate.hpp"
#include "targets.hpp"
#include <hdp/config/assign.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/schema.hpp>
#include <hdp/config/write.hpp>

namespace hdp::fuzz {
namespace {

using test::Sample;

template <class Action>
void expect_round_trip(Action action) {
  Sample sample;
  accepts([&] { action(sample); });
  const std::string text = write_settings(sample);
  Sample back;
  read_settings(back, text, "written");
  expect(back == sample && write_settings(back) == text, "settings write and read back");
}

bool play(std::string_view input) {
  expect_round_trip([&](Sample& sample) { read_settings(sample, input, "input"); });
  expect_round_trip([&](Sample&) { (void)peek_text(input, "kind", "input"); });
  const bool reads_file = input.find("=@") != std::string_view::npos;
  if (!reads_file) expect_round_trip([&](Sample& sample) { set_value(sample, input); });
  return accepts([&] {
    const Fact facts = parse_facts(input, "input");
    expect(parse_facts(facts_text(facts), "written") == facts, "facts write and read back");
  });
}

std::string mutate(std::string_view input, RandomStream& random) {
  static const Facts kSchema = *parse_facts(write_schema<Sample>("sample"), "").as<Facts>();
  if (one_in(random, 4)) return with_other_bytes(std::string(input), random);
  return mutate_document(input, kSchema, random);
}

}  // namespace

const Target kSettings{"settings", play, mutate, 25'000};

}  // namespace hdp::fuzz
