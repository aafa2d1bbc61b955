# SPDX-License-Identifier: Apache-2.0
"""Energy tables: node and cell type are settings, reports name them, and power can be split."""
import json
import subprocess
import sys
import unittest

from support import SOURCE, TRACE, CliTest


class EnergyTest(CliTest):
    def energy(self, machine, *changes):
        flags = [flag for change in changes for flag in ("--set", change)]
        return self.report(machine, "-w", TRACE, "--baseline", "none", "--fidelity", "off", *flags)

    def leakage(self, report):
        return sum(unit.get("leakage", 0) for unit in report["energy_pj"]["units"].values())

    def test_lines_add_up_and_none_is_negative(self):
        for machine in ("hdp_edge", "hdp_server", "dense", "spatten", "spatten_eighth"):
            report = self.energy(machine)
            for table in (report["energy_pj"], report["area_um2"]):
                lines = [line for unit in table["units"].values() for line in unit.values()]
                self.assertGreaterEqual(min(lines), 0)
                self.assertAlmostEqual(sum(lines) / table["total"], 1, places=12)

    def test_cell_types_leak_in_their_order_and_reports_name_them(self):
        leaks = []
        for cell in ("itrs-hp", "itrs-lstp/hp", "itrs-lop", "itrs-lstp"):
            report = self.energy("hdp_edge", f"energy.cell_type={cell}")
            self.assertEqual(report["provenance"]["energy"], f"cacti7, 45 nm, {cell}")
            self.assertEqual(len(report["config"]["energy"]["technologies"]), 1)
            leaks.append(self.leakage(report))
        self.assertEqual(leaks, sorted(leaks, reverse=True))
        self.assertIn("energies and areas by cacti7, 45 nm, itrs-lstp/hp",
                      self.succeed("run", "hdp_edge", "-w", TRACE).replace("\n", " "))

    def test_a_smaller_node_takes_less(self):
        old, new = self.energy("spatten"), self.energy("spatten", "energy.node_nm=22")
        self.assertLess(new["area_um2"]["total"], 0.3 * old["area_um2"]["total"])
        for unit, lines in new["energy_pj"]["units"].items():
            if unit != "memory":
                self.assertLess(sum(lines.values()),
                                sum(old["energy_pj"]["units"][unit].values()))

    def test_the_recalled_table_does_not_leak(self):
        report = self.energy("hdp_edge", "energy_table=recalled_45nm")
        self.assertEqual(self.leakage(report), 0)
        self.assertEqual(report["provenance"]["energy"], "recalled_45nm, 45 nm, unnamed")

    def test_a_node_that_there_is_not_is_refused(self):
        run = self.folder / "run"
        self.succeed("run", "hdp_edge", "-w", TRACE, "--out", run)
        self.refuse("/energy/node_nm, /energy/cell_type: 22 nm itrs-lstp/hp is not in the table "
                    "cacti7; allowed: 45 nm itrs-lstp/hp; energy_table names another table",
                    "run", run / "config.json", "-w", TRACE, "--set", "energy.node_nm=22")
        again = self.folder / "again"
        self.succeed("run", run / "config.json", "-w", TRACE, "--out", again)
        self.assertEqual((run / "report.json").read_bytes(), (again / "report.json").read_bytes())

    def test_power_is_split(self):
        report = self.energy("spatten")
        path = self.folder / "report.json"
        path.write_text(json.dumps(report))
        said = subprocess.run([sys.executable, SOURCE / "tools" / "power_split.py", path],
                              capture_output=True, text=True, check=True).stdout.splitlines()
        watts = report["energy_pj"]["total"] / report["time_ns"] * 1e-3
        self.assertIn(f"cacti7, 45 nm, itrs-lstp/hp: {watts:.2f} W", said[0])
        parts = {line.split()[0]: float(line.split()[1]) for line in said[1:]}
        self.assertEqual(list(parts), ["DRAM", "SRAM", "logic"])
        memory = sum(report["energy_pj"]["units"]["memory"].values()) / report["time_ns"] * 1e-3
        self.assertAlmostEqual(parts["DRAM"], memory, delta=0.006)
        self.assertAlmostEqual(sum(parts.values()), watts, delta=0.02)


if __name__ == "__main__":
    unittest.main()
