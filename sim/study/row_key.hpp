// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>

#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/report/run_table.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

/// A digest of everything that a row on `workload` depends on, but for the program.
inline std::string row_key(std::initializer_list<std::string> settings, const Workload& workload) {
  Sha256 digest;
  for (const std::string& text : settings) digest.update(text + '\n');
  digest.update(workload.name() + '\n' + workload.fingerprint());
  return digest.hex();
}

/// Says in `row` what it takes to make its run again.
inline void describe(const RunResult& run, TableRow& row) {
  const Fact settings = parse_facts(run.machine.text, run.machine.name);
  row.config = *settings.as<Facts>();
  row.config_sha256 = sha256_hex(run.machine.text);
  row.workload_facts = run.workload;
}

/// Makes a row; its UserError says on which machine, or step, and workload.
template <class Work>
TableRow naming(const std::string& what, const std::string& workload, Work work) {
  try {
    return work();
  } catch (const UserError& mistake) {
    throw mistake.within(what + " on " + workload);
  }
}

}  // namespace hdp
