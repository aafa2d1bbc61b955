// SPDX-License-Identifier: Apache-2.0
// A machine's file, of any kind: read, written and read again it is the same machine.
#include "mutate.hpp"
#include "shipped.hpp"
#include "targets.hpp"
#include <hdp/config/facts_text.hpp>
#include <hdp/machine/machine.hpp>

namespace hdp::fuzz {
namespace {

bool play(std::string_view input) {
  std::unique_ptr<Machine> machine;
  if (!accepts([&] { machine = machine_of(input); })) return false;
  const std::string text = machine->text();
  expect(machine_of(text)->text() == text, "a machine's text gives the same machine");
  for (std::size_t i = 0; i < EnumNames<Resource>::kNames.size(); ++i) {
    const auto resource = static_cast<Resource>(i);
    const double amount = machine->amount_of(resource);
    expect(amount >= 0, "a machine has no less than nothing");
    accepts([&] { (void)machine->scaled(resource, amount * 2)->text(); });
  }
  for (std::size_t i = 0; i < kReliefs; ++i)
    accepts([&] { (void)machine->relieved(static_cast<Relief>(i)); });
  return true;
}

std::string mutate(std::string_view input, RandomStream& random) {
  return mutate_document(input, schema_of(std::string(kind_in(input).name())), random);
}

}  // namespace

const Target kMachine{"machine", play, mutate, 3'000};

}  // namespace hdp::fuzz
