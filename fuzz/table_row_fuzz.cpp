// SPDX-License-Identifier: Apache-2.0
// Files of finished rows, and finished reports: a row is taken as it was kept, or not at all; what
// a page takes of a report is safe in it.
#include "mutate.hpp"
#include "targets.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/report/page.hpp>
#include <hdp/report/run_table.hpp>

namespace hdp::fuzz {
namespace {

const RowOrigin& origin() {
  static const RowOrigin of_all{"key", "build"};
  return of_all;
}

bool play(std::string_view input) {
  const std::string text(input);
  const auto row = row_of(text, origin());
  if (row) {
    const std::string kept = row_text(*row, origin());
    const auto back = row_of(kept, origin());
    expect(back.has_value() && row_text(*back, origin()) == kept, "a row that was kept is taken");
    (void)(table_text({&*row, 1}) + table_json({&*row, 1}));
  }
  const bool report = accepts([&] {
    const TableRow line = row_of_report(text, "input");
    (void)(table_text({&line, 1}) + table_json({&line, 1}));
  });
  accepts([&] {
    PageData page;
    page.start({.name = "input", .kind = "run"});
    page.add(page_point(parse_facts(text, "input"), "input"));
    expect(page.text().find('<') == std::string::npos, "data may stand in a script element");
  });
  return row || report;
}

/// Values of a row and its digest change as a rule, the file around it now and then.
std::string mutate(std::string_view input, RandomStream& random) {
  Facts file = facts_in(input);
  const Fact* const row = file.find("row");
  if (row == nullptr || one_in(random, 4)) return facts_text(with_noise(file, random), -1);
  const Fact other = with_noise(*row, random);
  const auto* const values = other.as<Facts>();
  if (values != nullptr) file.set("digest", sha256_hex(facts_text(*values)));
  file.set("row", other);
  return facts_text(file);
}

}  // namespace

const Target kTableRow{"table_row", play, mutate, 4'000};

}  // namespace hdp::fuzz
