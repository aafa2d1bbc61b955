# SPDX-License-Identifier: Apache-2.0
"""hdpsim run on a DRAM: what the memory of a machine moves, costs, and says of itself."""
import unittest

from support import TRACE, CliTest


class DramMachineTest(CliTest):
    def memory(self, *changes, machine="hdp_edge"):
        sets = [word for change in changes for word in ("--set", change)]
        return self.report(machine, "-w", TRACE, "--baseline", "none", "--fidelity", "off", *sets)

    def test_moved_bytes_are_bursts(self):
        report = self.memory("memory.model=ddr4_3200aa", "core.fetch.request_bytes=16",
                             machine="hdp_server")
        memory = report["memory"]
        bursts = memory["commands"]["RD"] + memory["commands"]["WR"]
        self.assertEqual(memory["moved_bytes"], 64 * bursts)
        self.assertEqual(bursts + memory["forwarded_reads"] + memory["merged_reads"]
                         + memory["merged_writes"], memory["reads"] + memory["writes"])
        self.assertLessEqual(memory["bandwidth_fraction"], 1)

    def test_buffered_writes_are_drained_into_the_accounts(self):
        memory = self.memory("memory.dram.controller=bank_queues")["memory"]
        self.assertGreater(memory["drained_writes"], 0)
        self.assertEqual(memory["buffered_writes"], 0)
        self.assertEqual(memory["commands"]["WR"] + memory["merged_writes"], memory["writes"])
        self.assertGreater(memory["drain_cycles"], 0)

    def test_the_boundary_is_in_the_energy_and_its_sources_in_the_provenance(self):
        report = self.memory()
        lines = report["energy_pj"]["units"]["memory"]
        for line in ("activate", "io_read", "io_write", "phy_read", "phy_write"):
            self.assertGreater(lines[line], 0)
        self.assertIn("DRAMsim3", report["provenance"]["memory.dram.source"])
        self.assertIn("POD12", report["provenance"]["memory.dram.interface.io_read.source"])
        self.assertNotIn("memory.dram.source", self.memory("memory.model=ideal")["provenance"])

    def test_bytes_an_activation_and_a_remark_where_they_are_few(self):
        good, poor = self.memory(), self.memory("memory.dram.map=ro co ba bg ra ch")
        self.assertLess(poor["memory"]["bytes_per_activation"], 130)
        self.assertGreater(good["memory"]["bytes_per_activation"], 400)
        self.assertFalse([said for said in good["remarks"] if "A row of the DRAM" in said])
        self.assertTrue([said for said in poor["remarks"] if "keeps a stream in its rows" in said])

    def test_impossible_settings_are_refused_with_both_paths(self):
        self.refuse("/memory/dram/timing/rc: 74; allowed: at least timing.ras + timing.rp, 92",
                    "run", "hdp_edge", "-w", TRACE, "--set", "memory.dram.timing.ras=70")


if __name__ == "__main__":
    unittest.main()
