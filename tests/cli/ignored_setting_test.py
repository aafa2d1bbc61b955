# SPDX-License-Identifier: Apache-2.0
"""A change of a setting that changes nothing is refused; a file may hold such values."""
import json
import unittest

from support import TRACE, CliTest

RUN = ("run", "hdp_edge", "-w", TRACE)
DRAM = "the memory is a DRAM, whose organisation and timing say it"


class IgnoredSettingTest(CliTest):
    def test_the_line_says_why_and_what_would_make_it_count(self):
        self.refuse(f"memory.bandwidth_mb_per_s: 100 changes nothing: {DRAM}; allowed: with "
                    "memory.model=ideal", *RUN, "--set", "memory.bandwidth_mb_per_s=100")
        self.refuse("prune.rho: 0.3 changes nothing: nothing is pruned; allowed: with pruning=true",
                    "run", "dense", "-w", TRACE, "--set", "prune.rho=0.3")
        self.refuse("queues.row_hit_cap: 2 changes nothing: it is the other controller's; allowed: "
                    "with controller=bank_queues", "dram", "ddr4_2400r", "--pattern", "seq",
                    "--limit", "9", "--set", "queues.row_hit_cap=2")

    def test_an_sram_is_priced_by_macros_or_by_a_rule_of_thumb(self):
        self.refuse("energy.sram_area_bit.value: 3 changes nothing: the macros of the table price "
                    "SRAM; allowed: with energy_table=recalled_45nm", *RUN, "--set",
                    "energy.sram_area_bit.value=3")
        recalled = (*RUN, "--set", "energy_table=recalled_45nm", "--set")
        self.succeed(*recalled, "energy.sram_area_bit.value=3")
        self.refuse("energy.two_port_area.value: 3 changes nothing: the table has no SRAM macros; "
                    "allowed: with energy_table=cacti7", *recalled, "energy.two_port_area.value=3")

    def test_what_only_power_down_reads(self):
        down = "no rank powers down; allowed: with "
        seldom = self.file("seldom.txt", "".join(f"R {n * 8256} {n * 3000}\n" for n in range(40)))
        memory = ("dram", "ddr4_2400r", "--requests", seldom, "--json")
        on = ("--set", "power_down.when_idle=true")

        def numbers(*change):
            report = json.loads(self.succeed(*memory, *on, *change))
            return {key: value for key, value in report.items() if key != "config"}
        for setting, value in (("power_down.after", "65"), ("timing.xp", "64"),
                               ("currents.idd2p", "1"), ("currents.idd3p", "1")):
            with self.subTest(setting):
                change = ("--set", f"{setting}={value}")
                self.refuse(f"{setting}: {value} changes nothing: {down}"
                            "power_down.when_idle=true", *memory, *change)
                self.refuse(f"memory.dram.{setting}: {value} changes nothing: {down}"
                            "memory.dram.power_down.when_idle=true", *RUN, "--set",
                            f"memory.dram.{setting}={value}")
                self.assertNotEqual(numbers(), numbers(*change))

    def test_the_value_that_it_has_is_no_change(self):
        self.succeed("run", "dense", "-w", TRACE, "--set", "prune.rho=0.2", "--fidelity", "off")
        self.succeed("dram", "ddr4_2400r", "--pattern", "seq", "--limit", "9", "--controller",
                     "bank_queues", "--set", "scheduler=frfcfs")

    def test_the_other_changes_decide_what_is_ignored(self):
        self.succeed(*RUN, "--set", "memory.bandwidth_mb_per_s=100", "--set", "memory.model=ideal")
        self.refuse("memory.dram.timing.cl: 20 changes nothing: the memory is ideal; allowed: with "
                    "memory.model=dram", *RUN, "--set", "memory.model=ideal", "--set",
                    "memory.dram.timing.cl=20")

    def test_a_complete_file_replays_and_changes_like_the_machine(self):
        for name in ("hdp_server", "dense", "spatten"):
            with self.subTest(name):
                out = self.folder / name
                self.succeed("run", name, "-w", TRACE, "--out", out)
                again = self.report(out / "config.json", "-w", TRACE)
                self.assertEqual(again, json.loads((out / "report.json").read_text()))
                ideal = ("-w", TRACE, "--set", "memory.model=ideal")
                self.assertEqual(self.report(out / "config.json", *ideal)["cycles"],
                                 self.report(name, *ideal)["cycles"])

    def test_a_file_may_hold_values_for_alternatives(self):
        mine = self.file("mine.json", json.dumps({"base": "hdp_edge", "name": "hdp_edge", "memory":
                                                  {"bandwidth_mb_per_s": 100}}))
        self.assertEqual(self.report(mine, "-w", TRACE)["cycles"],
                         self.report("hdp_edge", "-w", TRACE)["cycles"])
        ideal = ("-w", TRACE, "--set", "memory.model=ideal")
        self.assertGreater(self.report(mine, *ideal)["cycles"],
                           10 * self.report("hdp_edge", *ideal)["cycles"])

    def test_the_ideal_memory_has_the_peak_of_the_dram_in_whose_place_it_stands(self):
        for name, peak in (("hdp_edge", 25600), ("hdp_server", 256000), ("spatten", 512000)):
            ideal = ("-w", TRACE, "--baseline", "none", "--set", "memory.model=ideal")
            given = ("--set", f"memory.bandwidth_mb_per_s={peak}")
            self.assertEqual(self.report(name, *ideal), self.report(name, *ideal, *given))

    def test_with_several_machines_a_change_is_for_those_that_it_changes(self):
        both = ("compare", "hdp_edge", "dense", "-w", TRACE, "--baseline", "none", "--json")
        plain, changed = (json.loads(self.succeed(*both, *change))["rows"]
                          for change in ((), ("--set", "prune.rho=0.6")))
        for row in (*plain, *changed):  # the page of a table wants its settings
            row.pop("config")
            row.pop("config_sha256", None)
        self.assertNotEqual(plain[0], changed[0])
        self.assertEqual(plain[1], changed[1])
        self.refuse(f"memory.latency_cycles: 9 changes nothing: {DRAM}; allowed: with "
                    "memory.model=ideal", *both, "--set", "memory.latency_cycles=9")
        self.refuse("prune.rho: 0.6 changes nothing: nothing is pruned; allowed: with pruning=true",
                    *both, "--set", "dense:prune.rho=0.6")
        self.refuse(f"memory.latency_cycles: 9 changes nothing: {DRAM}; allowed: with "
                    "memory.model=ideal", *both, "--equal", "clock", "--set",
                    "memory.latency_cycles=9")


    def test_the_workload_decides_too(self):
        rows = self.folder / "rows.csv"
        self.succeed("workload", "generate", "gpt2_small_per8", "--set", "prompt=60", "--set",
                     "generated=2", "--out", rows)
        keep = ("--set", "prune.value_keep=0.2")
        self.refuse("prune.value_keep: 0.2 changes nothing: rows bring their decisions; allowed: "
                    "with a trace", "run", "spatten", "-w", rows, *keep)
        self.refuse("prune.value_keep: 0.2 changes nothing: values are not pruned in a prefill; "
                    "allowed: with prune.prefill_value_pruning=true", "run", "spatten", "-w", TRACE,
                    *keep)
        self.succeed("run", "spatten", "-w", TRACE, *keep, "--set",
                     "prune.prefill_value_pruning=true")

    def test_an_ablation_turns_on_what_the_machine_leaves_off(self):
        def steps(*change):
            table = self.succeed("ablate", "dense", "-w", TRACE, "--json", *change)
            return {row["step"]: row["cycles"] for row in json.loads(table)["rows"]}
        plain, changed = steps(), steps("--set", "prune.rho=0.6")
        self.assertEqual(plain["dense"], changed["dense"])
        self.assertNotEqual(plain["+ blocks"], changed["+ blocks"])
        self.refuse(f"memory.latency_cycles: 9 changes nothing: {DRAM}; allowed: with "
                    "memory.model=ideal", "ablate", "hdp_edge", "-w", TRACE, "--set",
                    "memory.latency_cycles=9")


if __name__ == "__main__":
    unittest.main()
