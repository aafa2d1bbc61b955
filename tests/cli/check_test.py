# SPDX-License-Identifier: Apache-2.0
"""hdpsim check: the gate of a CI job, from the first case to JUnit."""
import json
import os
import pty
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree

from support import HDPSIM, SOURCE, CliTest, hdpsim, kinds

SMALL = {"model": "bert_tiny", "n": 16, "layers": 1, "heads": 2}
GATE = SOURCE / "configs" / "baselines" / "every_kind.json"


def integers(value, path=""):
    """Every integer of a report, by its dotted path."""
    if isinstance(value, dict):
        value = value.items()
    elif isinstance(value, list):
        value = enumerate(value)
    else:
        if isinstance(value, int) and not isinstance(value, bool):
            yield path[1:], value
        return
    for name, inner in value:
        yield from integers(inner, f"{path}.{name}")


class CheckTest(CliTest):
    def setUp(self):
        super().setUp()
        self.file("small.json", json.dumps(SMALL))
        self.gate = self.folder / "gate.json"

    def add(self, name, *arguments, cwd=None):
        run = hdpsim("check", "--add", name, *arguments, cwd=cwd or self.folder)
        self.assertEqual((run.returncode, run.stdout), (0, b""), run.stderr)
        self.assertRegex(run.stderr.decode(), rf"^hdpsim: .*: case {name} added, \d+ values\n$")

    def check(self, code, *arguments, cwd=None):
        """stdout and stderr of a check of the gate."""
        run = hdpsim("check", "gate.json", *arguments, cwd=cwd or self.folder)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout.decode(), run.stderr.decode()

    def edit(self, change):
        """Changes the gate as its owner would, in its own layout."""
        content = json.loads(self.gate.read_text())
        change(content)
        self.gate.write_text(json.dumps(content, indent=2) + "\n")

    def make(self, *names):
        for name in names:
            self.add(name, "gate.json", "hdp_edge", "-w", "small.json")

    # What is recorded

    def test_a_case_has_every_integer_of_what_run_prints(self):
        settings = ["--set", "prune.rho=0.25", "--set", "memory.model=ideal"]
        self.add("one", "gate.json", "hdp_edge", "-w", "small.json", *settings)
        report = self.report("hdp_edge", "-w", self.folder / "small.json", *settings)
        file = json.loads(self.gate.read_text())
        self.assertEqual(list(file), ["format", "cases"])
        self.assertEqual(file["format"], "baseline-1")
        case = file["cases"][0]
        self.assertEqual([*case], ["name", "machine", "workload", "set", "expect"])
        self.assertEqual(case["set"], {"prune.rho": 0.25, "memory.model": "ideal"})
        self.assertEqual(next(iter(case["expect"])), "cycles")
        self.assertEqual(case["expect"], dict(integers(report)))
        self.assertIn("config.cores", case["expect"])
        said, summary = self.check(0)
        self.assertEqual((said, summary), ("", "hdpsim: gate.json: 1 case, "
                                           f"{len(case['expect'])} values: all as expected\n"))

    def test_a_second_case_moves_nothing_of_the_first(self):
        self.make("one")
        first = self.gate.read_text()
        self.make("two")
        both = self.gate.read_text()
        self.assertTrue(both.startswith(first[:first.rindex("}\n  ]")] + "},\n    {"))
        self.assertEqual([case["name"] for case in json.loads(both)["cases"]], ["one", "two"])

    def test_paths_start_at_the_file(self):
        for folder in ("cycles", "machines", "elsewhere"):
            (self.folder / folder).mkdir()
        self.file("machines/mine.json", '{"base": "hdp_edge", "cores": 1}')
        self.file("machines/value.json", '{"rho": 0.5}')
        self.add("one", "cycles/gate.json", "machines/mine.json", "-w", "small.json", "--set",
                 "prune=@machines/value.json")
        self.add("two", "../cycles/gate.json", "hdp_edge", "-w", "../small.json",
                 cwd=self.folder / "elsewhere")
        self.add("three", "gate.json", "hdp_edge", "-w", self.folder / "small.json",
                 cwd=self.folder / "cycles")
        cases = json.loads((self.folder / "cycles/gate.json").read_text())["cases"]
        self.assertEqual([(case["machine"], case["workload"]) for case in cases],
                         [("../machines/mine.json", "../small.json"),
                          ("hdp_edge", "../small.json"),
                          ("hdp_edge", str(self.folder / "small.json"))])
        self.assertEqual(cases[0]["set"], {"prune": {"rho": 0.5}})
        for folder in ("", "cycles", "elsewhere"):
            run = hdpsim("check", self.folder / "cycles/gate.json", cwd=self.folder / folder)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    # What is a difference

    def test_one_cycle_is_caught_with_the_key_and_both_values(self):
        self.make("one", "two")
        cycles = json.loads(self.gate.read_text())["cases"][1]["expect"]["cycles"]

        def plant(file):
            file["cases"][1]["expect"]["cycles"] = cycles - 1
        self.edit(plant)
        said, summary = self.check(1)
        self.assertEqual(said, f"two cycles {cycles - 1} -> {cycles} "
                         f"(+{100 / (cycles - 1):.3f} %)\n")
        self.assertRegex(summary, r"2 cases, \d+ values: 1 value in 1 case not as expected\n$")

    def test_a_deleted_counter_is_a_failure_and_a_new_one_is_none(self):
        self.make("one")

        def plant(file):
            expected = file["cases"][0]["expect"]
            expected["units.core0.softmax.deleted"] = 5
            del expected["units.core0.softmax.strips"]
        self.edit(plant)
        self.assertEqual(self.check(1)[0], "one units.core0.softmax.deleted 5 -> missing\n")

    def test_lines_stand_in_the_order_of_the_file_for_any_number_of_threads(self):
        self.make("b", "a", "c")

        def plant(file):
            for case in file["cases"]:
                case["expect"] = {"seed": 1, "cycles": 0, "clock_mhz": 2000, **case["expect"]}
                case["expect"].update(cycles=0, clock_mhz=2000)
            file["cases"][1]["workload"] = "none.json"
        self.edit(plant)
        said = self.check(1, "-j", 1)[0]
        self.assertEqual([line.split(" ")[:2] for line in said.splitlines()],
                         [["b", "seed"], ["b", "cycles"], ["b", "clock_mhz"], ["a", "cannot"],
                          ["c", "seed"], ["c", "cycles"], ["c", "clock_mhz"]])
        self.assertRegex(said, r"b seed 1 -> null\nb cycles 0 -> \d+\n"
                         r"b clock_mhz 2000 -> 1000 \(-50.000 %\)\n"
                         r"a cannot run: none.json: no such file\n")
        for threads in (2, 8):
            self.assertEqual(self.check(1, "-j", threads)[0], said)

    def test_tolerance_is_for_a_key_or_a_group(self):
        self.make("one")

        def plant(file):
            expected = file["cases"][0]["expect"]
            expected["cycles"] += 1
            expected["memory.reads"] *= 2
            expected["time_ns"] = expected["cycles"] * 1.0001
        self.edit(plant)
        self.assertEqual(len(self.check(1)[0].splitlines()), 3)
        self.edit(lambda file: file.update(tolerance={"memory": 0.5, "cycles": 0.1,
                                                      "time_ns": 0.1}))
        self.check(0)

    # What is written

    def test_an_update_writes_what_changed_and_nothing_else(self):
        self.make("one", "two")
        good = self.gate.read_text().replace("  ", "\t").replace('": ', '" :  ')
        cycles = json.loads(good)["cases"][0]["expect"]["cycles"]
        planted = good.replace(f'"cycles" :  {cycles},',
                               f'"cycles" :  {cycles + 7},\n\t\t\t\t"old.key": 1,', 1)
        self.assertNotEqual(planted, good)
        self.gate.write_text(planted)
        said, summary = self.check(0, "--update")
        self.assertRegex(said, rf"^one cycles {cycles + 7} -> {cycles} \(-\d+\.\d+ %\)\n"
                         r"one old.key 1 -> missing\n$")
        self.assertTrue(summary.endswith("2 values in 1 case not as expected; updated\n"))
        self.assertEqual(self.gate.read_text(), good)
        before = os.stat(self.gate)
        self.assertEqual(self.check(0, "--update")[0], "")
        after = os.stat(self.gate)
        self.assertEqual((before.st_ino, before.st_mtime_ns), (after.st_ino, after.st_mtime_ns))

    def test_an_update_where_a_case_cannot_run_says_so(self):
        self.make("one", "two")

        def plant(file):
            file["cases"][0]["machine"] = "none"
            file["cases"][1]["expect"]["cycles"] = 1
        self.edit(plant)
        said, _ = self.check(1, "--update")
        self.assertRegex(said, r"^one cannot run: none: neither a name .*\ntwo cycles 1 -> \d+ ")
        cases = json.loads(self.gate.read_text())["cases"]
        self.assertNotEqual(cases[1]["expect"]["cycles"], 1)
        self.assertIn("cycles", cases[0]["expect"])

    def test_nothing_is_left_beside_the_files(self):
        self.make("one")
        self.edit(lambda file: file["cases"][0]["expect"].update(cycles=1))
        self.check(0, "--update", "--junit", "check.xml")
        self.assertEqual(self.left(), ["check.xml", "gate.json", "small.json"])

    # What other programs read

    def test_junit_is_read_by_a_parser(self):
        self.make("one", "two")

        def plant(file):
            file["cases"][0]["name"] = "<one> & \"1\""
            file["cases"][0]["expect"]["cycles"] = 5
            file["cases"][0]["expect"]["<x>&"] = 6
            file["cases"].append({"name": "three", "machine": "a<b", "workload": "w",
                                  "expect": {}})
        self.edit(plant)
        said, _ = self.check(1, "--junit", "check.xml")
        suites = xml.etree.ElementTree.parse(self.folder / "check.xml").getroot()
        self.assertEqual((suites.tag, suites.get("tests"), suites.get("failures")),
                         ("testsuites", "3", "2"))
        cases = suites.findall("testsuite/testcase")
        self.assertEqual([case.get("name") for case in cases],
                         ["<one> & \"1\"", "two", "three"])
        failures = [case.find("failure") for case in cases]
        self.assertIsNone(failures[1])
        self.assertEqual(failures[0].text.strip() + "\n" + failures[2].text.strip() + "\n", said)
        self.assertEqual(failures[0].text.strip().splitlines()[-1],
                         "<one> & \"1\" <x>& 6 -> missing")
        self.assertRegex(failures[2].get("message"), "^cannot run: a<b: neither a name")
        self.check(1, "--junit", "again.xml", "-j", 1)
        self.assertEqual((self.folder / "again.xml").read_bytes(),
                         (self.folder / "check.xml").read_bytes())

    def test_github_gets_an_error_a_case(self):
        self.make("one", "two")
        lines = self.check(0, "--github")[0]
        self.assertEqual(lines, "")

        def plant(file):
            file["cases"][0]["name"] = "o,n:e"
            file["cases"][0]["expect"]["x"] = 0
            file["cases"][0]["expect"]["y%"] = 0
        self.edit(plant)
        lines = self.check(1, "--github")[0].splitlines()
        self.assertEqual(lines[:2], ["o,n:e x 0 -> missing", "o,n:e y% 0 -> missing"])
        error = re.fullmatch(r"::error file=gate\.json,title=hdpsim check%3A o%2Cn%3Ae::(.*)",
                             lines[2]).group(1)
        self.assertRegex(error, r"^2 of \d+ values not as expected%0Ao,n:e x 0 -> missing%0A"
                         r"o,n:e y%25 0 -> missing$")
        self.assertEqual(len(lines), 3)

    def test_progress_is_for_a_terminal(self):
        self.make("one")
        mine, its = pty.openpty()
        run = subprocess.run([HDPSIM, "check", "gate.json"], cwd=self.folder, stderr=its,
                             stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True)
        os.close(its)
        shown = b""
        try:
            while part := os.read(mine, 65536):
                shown += part
        except OSError:
            pass  # the other end is closed
        os.close(mine)
        self.assertEqual(run.stdout, b"")
        self.assertIn(b"[1000/1000] one", shown)
        self.assertTrue(shown.endswith(b"values: all as expected\r\n"), shown)

    # Mistakes

    def test_mistakes_of_the_command_line(self):
        self.make("one")
        before = self.gate.read_text()
        case = "is for a case that is added; allowed: with --add NAME"
        self.refuse(f"MACHINE: {case}", "check", "gate.json", "hdp_edge")
        self.refuse(f"--workload: {case}", "check", "gate.json", "-w", "small.json")
        self.refuse(f"--set: {case}", "check", "gate.json", "--set", "cores=1")
        self.refuse("BASELINE is required, see hdpsim --help", "check")
        add = ["check", "gate.json", "hdp_edge", "-w", "small.json", "--add"]
        self.refuse("MACHINE: is required with --add; allowed: a machine", "check", "gate.json",
                    "--add", "two", "-w", "small.json")
        self.refuse("--workload: is required with --add; allowed: a workload", "check",
                    "gate.json", "hdp_edge", "--add", "two")
        for flags in (["--update"], ["--junit", "x.xml"], ["--github"]):
            self.refuse(f"{flags[0]}: is for a check; allowed: without --add", *add, "two", *flags)
        self.refuse("--add: gate.json has a case called one; allowed: a name that is free, or "
                    "--update", *add, "one")
        self.refuse("--add: is no name; allowed: a text", *add, "")
        self.refuse("--add: holds control characters; allowed: one line of printable text", *add,
                    "a\nb")
        self.refuse("prune.rhoo: no such setting; did you mean 'prune.rho'?", *add, "two", "--set",
                    "prune.rhoo=1")
        self.refuse("name: sets nothing; allowed: path=value, path=@FILE", *add, "two", "--set",
                    "name")
        self.refuse("--set: a text that reads as JSON is another value in a file; allowed: quotes "
                    "around it, as in name='\"5e1\"'", *add, "two", "--set", "name=5e1")
        self.refuse("none.csv: no such file", "check", "gate.json", "hdp_edge", "--add", "two",
                    "-w", "none.csv")
        self.refuse("none.json: cannot open: No such file or directory", "check", "none.json")
        self.assertEqual(self.gate.read_text(), before)
        self.assertEqual(self.left(), ["gate.json", "small.json"])

    def test_a_text_setting_in_quotes_is_recorded(self):
        self.add("one", "gate.json", "hdp_edge", "-w", "small.json", "--set", 'name="5e1"')
        self.check(0)

    def test_mistakes_of_the_file(self):
        self.file("gate.json", '{"format": "baseline-1", "case": []}')
        self.refuse("gate.json: /case: no such key; allowed: $schema, format, tolerance, cases; "
                    "did you mean 'cases'?", "check", "gate.json", "--junit", "x.xml")
        self.file("gate.json", '{"format": "baseline-1", "cases": [], "tolerance": {"cycle": 1}}')
        before = self.gate.read_text()
        self.refuse("gate.json: /tolerance/cycle: no case expects such a key, nor one below it; "
                    "did you mean 'cycles'?", "check", "--add", "one", "gate.json", "hdp_edge",
                    "-w", "small.json")
        self.assertEqual(self.gate.read_text(), before)
        self.assertEqual(self.left(), ["gate.json", "small.json"])

    def test_no_input_is_written_over(self):
        self.make("one")
        before = {name: (self.folder / name).read_bytes() for name in self.left()}
        in_use = ("is in use by this command, which would write over it; allowed: a file that is "
                  "neither input nor log")
        self.refuse(f"small.json: {in_use}", "check", "gate.json", "--junit", "small.json")
        self.refuse(f"gate.json: {in_use}", "check", "gate.json", "--junit", "gate.json")
        self.refuse("gate.json: is two outputs: also gate.json; allowed: a file each", "check",
                    "gate.json", "--update", "--junit", "gate.json")
        self.assertEqual({name: (self.folder / name).read_bytes() for name in self.left()}, before)


class OwnGateTest(CliTest):
    """The gate of this project: every kind is in it, and it sees a cycle of any of them."""

    def test_every_kind_has_a_case(self):
        cases = json.loads(GATE.read_text())["cases"]
        seen = set()
        for case in cases:
            machine = SOURCE / "configs/machines" / f"{case['machine']}.json"
            seen.add(json.loads(machine.read_text())["kind"])
            self.assertIn("cycles", case["expect"])
        self.assertEqual(seen, set(kinds()))

    def test_a_cycle_of_any_kind_is_caught(self):
        copy = self.folder / "baselines"
        shutil.copytree(GATE.parent, copy)
        gate = copy / GATE.name
        text = gate.read_text()
        cases = json.loads(text)["cases"]
        for case in cases:
            text = re.sub(rf'(?s)("name": "{case["name"]}".*?"cycles": )(\d+)',
                          lambda match: match.group(1) + str(int(match.group(2)) + 1), text, count=1)
        gate.write_text(text)
        run = hdpsim("check", gate, "-j", 2)
        self.assertEqual(run.returncode, 1)
        lines = run.stdout.decode().splitlines()
        self.assertEqual([line[:line.index(" (")] for line in lines],
                         [f"{case['name']} cycles {case['expect']['cycles'] + 1} -> "
                          f"{case['expect']['cycles']}" for case in cases])


if __name__ == "__main__":
    unittest.main()
