// SPDX-License-Identifier: Apache-2.0
// Files of finished rows, and finished reports: a row is taken as it was kept, or not at all.
#include "mutate.hpp"
#include "targets.hpp"
#include <hdp/config/facts_text.hpp>
#include <hdp/report/run_table.hpp>

namespace hdp::fuzz {
namespace {

constexpr const char* kKey = "key";

bool play(std::string_view input) {
  const std::string text(input);
  const auto row = row_of(text, kKey);
  if (row) {
    const std::string kept = row_text(*row, kKey);
    const auto back = row_of(kept, kKey);
    expect(back.has_value() && row_text(*back, kKey) == kept, "a row that was kept is taken");
    (void)(table_text({&*row, 1}) + table_json({&*row, 1}));
  }
  const bool report = accepts([&] {
    const TableRow line = row_of_report(text, "input");
    (void)(table_text({&line, 1}) + table_json({&line, 1}));
  });
  return row || report;
}

/// Values of a row change as a rule, the file around it now and then.
std::string mutate(std::string_view input, RandomStream& random) {
  Facts file = facts_in(input);
  const Fact* const row = file.find("row");
  if (row == nullptr || one_in(random, 4)) return facts_text(with_noise(file, random), -1);
  file.set("row", with_noise(*row, random));
  return facts_text(file, -1);
}

}  // namespace

const Target kTableRow{"table_row", play, mutate, 4'000};

}  // namespace hdp::fuzz
