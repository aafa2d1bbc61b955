# SPDX-License-Identifier: Apache-2.0
"""Machine files that extend others; hdpsim list; hdpsim explain."""
import json
import unittest

from support import SOURCE, TRACE, CliTest, kinds, names_in


class MachineFileTest(CliTest):
    def machine(self, name, **settings):
        return self.file(f"{name}.json", json.dumps(settings))

    def config(self, machine):
        out = self.folder / "out"
        self.succeed("run", machine, "-w", TRACE, "--fidelity", "off", "--baseline", "none",
                     "--out", out)
        return json.loads((out / "config.json").read_text())

    def test_a_file_extends_another(self):
        (self.folder / "deep").mkdir()
        wide = self.machine("wide", base="hdp_edge", core={"pe_array": {"rows": 16}})
        wider = self.file("deep/wider.json", json.dumps(
            {"base": "../wide.json", "core": {"pe_array": {"columns": 16}}, "cores": 3}))
        config = self.config(wider)
        self.assertEqual(config["name"], "wider")
        self.assertEqual(config["core"]["pe_array"]["rows"], 16)
        self.assertEqual((config["core"]["pe_array"]["columns"], config["cores"]), (16, 3))
        edge, base = self.config("hdp_edge"), self.config(wide)
        self.assertNotIn("base", base)
        base["core"]["pe_array"]["rows"], base["name"] = 8, "hdp_edge"
        self.assertEqual(base, edge)

    def test_what_it_names_itself_goes_before_what_the_base_names(self):
        config = self.config(self.machine("low", base="hdp_edge",
                                          memory={"model": "lpddr4_3200"}))
        self.assertEqual(config["memory"]["dram"]["name"], "lpddr4_3200")

    def test_a_memory_that_is_named_later_replaces_the_one_before(self):
        def dram(machine, *changes):
            out = self.folder / "dram"
            self.succeed("run", machine, "-w", TRACE, "--fidelity", "off", "--baseline", "none",
                         "--out", out, *changes)
            return json.loads((out / "config.json").read_text())["memory"]["dram"]
        hbm = dram("hdp_server")
        slow = self.machine("slow", base="hdp_server", memory={"dram": {"timing": {"cl": 60}}})
        self.assertEqual(dram(slow)["timing"]["cl"], 60)
        fresh = self.machine("fresh", base="slow.json", memory={"model": "hbm2_2000"})
        self.assertEqual(dram(fresh), hbm)
        self.succeed("run", "hdp_edge", "-w", TRACE, "--out", self.folder / "edge")
        resolved = self.folder / "edge" / "config.json"
        self.assertEqual(dram(resolved, "--set", "memory.model=hbm2_2000"), hbm)
        self.assertEqual(dram(resolved, "--set", "memory.model=hbm2_2000", "--set",
                              "memory.dram.timing.cl=60"), dram(slow))
        table = json.loads((SOURCE / "configs/energy/recalled_45nm.json").read_text())
        del table["$schema"]
        table["dram_bit"] = {"value": 99.0, "source": "a test"}
        mine = self.file("mine.json", json.dumps(table))
        config = self.config(self.machine("priced", base="hdp_server", energy_table=str(mine)))
        self.assertEqual(config["energy"]["dram_bit"]["value"], 99)

    def test_mistakes(self):
        self.machine("a", base="b.json")
        self.machine("b", base="a.json")
        self.refuse('./b.json: /base: "./a.json" extends this file in turn', "run", "./a.json", "-w",
                    TRACE)
        self.machine("m0", base="hdp_edge")
        for i in range(1, 9):
            self.machine(f"m{i}", base=f"m{i - 1}.json")
        self.refuse('./m1.json: /base: "./m0.json" is too deep; allowed: at most 8 files in a row',
                    "run", "./m8.json", "-w", TRACE)
        self.machine("mixed", base="hdp_edge", kind="spatten")
        self.refuse('mixed.json: /kind: "spatten"; the machine that it extends is of kind hdp',
                    "run", "mixed.json", "-w", TRACE)
        self.machine("lost", base="hdp_egde")
        self.refuse("lost.json: /base: hdp_egde: neither a name in machines nor a file; allowed: "
                    f"{names_in('machines')}; did you mean 'hdp_edge'?",
                    "run", "lost.json", "-w", TRACE)
        self.machine("odd", kind="abacus")
        self.refuse('odd.json: /kind: "abacus" is no kind of machine; allowed: '
                    + ", ".join(kinds()), "run", "odd.json", "-w", TRACE)
        self.machine("five", base=5)
        self.refuse("five.json: /base: 5 is a number, expected text", "run", "five.json", "-w",
                    TRACE)

    def test_lists_have_a_line_for_every_configuration(self):
        for folder in ("machines", "memories", "energy", "workloads"):
            names = [line.split()[0] for line in self.succeed("list", folder).splitlines()]
            self.assertEqual(names, sorted(
                path.stem for path in (SOURCE / "configs" / folder).iterdir()
                if path.suffix in (".json", ".safetensors", ".csv")))

    def test_counters_are_explained(self):
        report = json.loads(self.succeed("run", "hdp_edge", "-w", TRACE, "--json"))
        known = self.succeed("explain")
        for unit in report["units"].values():
            for counter in set(unit) - {"kind", "cycles"}:
                self.assertRegex(known, rf"(?m)^{unit['kind']} +{counter} +\[.+\] .+\.$")
        self.assertEqual(len(self.succeed("explain", "tiles").splitlines()), 2)
        self.assertEqual(self.succeed("explain", "--page"),
                         (SOURCE / "docs" / "counters.md").read_text(),
                         "renew it: hdpsim explain --page > docs/counters.md")
        run = self.refuse_run("explain", "tilse")
        self.assertTrue(run.endswith("did you mean 'tiles'?\n"), run)

    def refuse_run(self, *arguments):
        from support import hdpsim
        run = hdpsim(*arguments)
        self.assertEqual(run.returncode, 2)
        return run.stderr.decode()


if __name__ == "__main__":
    unittest.main()
