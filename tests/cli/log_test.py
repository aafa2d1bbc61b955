# SPDX-License-Identifier: Apache-2.0
"""--log-level and --log-file: what they say, where, and that they change nothing else."""
import hashlib
import os
import re
import shutil
import subprocess
import threading
import unittest

from support import HDPSIM, SOURCE, TRACE, CliTest, hdpsim, safetensors, trace

LEVELS = ["debug", "info", "warning", "error"]
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d (debug|info|warning|error): "
                  r"([^\x00-\x1f\x7f]*)")
RUN = ["run", "hdp_edge", "-w", "small.safetensors", "--baseline", "none"]
TABLE = ["compare", "hdp_edge", "dense", "-w", "small.safetensors", "--out", "out"]
TERMINAL = r"\r\x1b\[K(\[\d+/\d+\] [^\r\x1b]*)?"


def parsed(text):
    """(level, message) of every line; all must be lines of a log."""
    assert text == "" or text.endswith("\n"), text
    return [LINE.fullmatch(line).groups() for line in text.split("\n")[:-1]]


class LogTest(CliTest):
    def setUp(self):
        super().setUp()
        self.file("small.safetensors", safetensors(*trace()))
        self.file("cases.json", "[]")
        self.commands = {
            "run": RUN, "compare": TABLE,
            "ablate": ["ablate", "hdp_edge", "-w", "small.safetensors"],
            "prune": ["prune", "small.safetensors", "--cases", "cases.json", "--out", "d.json"],
            "dram": ["dram", "ddr4_3200aa", "--pattern", "seq", "--limit", "10"],
            "top_k": ["top_k", "--n", "16", "--k", "4", "--samples", "2"],
            "inspect": ["inspect", "small.safetensors"],
            "generate": ["workload", "generate", "bert_base_n128_pruned", "--out", "rows.csv"],
            "show": ["workload", "show", "rows.csv"],
            "schema": ["schema", "machine"], "list": ["list", "memories"], "explain": ["explain"]}

    def log(self, *arguments, level="info", code=0):
        run = hdpsim(*arguments, "--log-level", level, cwd=self.folder)
        self.assertEqual(run.returncode, code, run.stderr)
        return run.stderr.decode()

    def messages(self, *arguments, level="info"):
        return [message for _, message in parsed(self.log(*arguments, level=level))]

    def test_every_command_logs_where_asked_and_is_silent_otherwise(self):
        for name, command in self.commands.items():
            with self.subTest(name):
                silent = self.succeed(*command, cwd=self.folder)
                shutil.rmtree(self.folder / "out", ignore_errors=True)
                run = hdpsim(*command, "--log-level", "debug", cwd=self.folder)
                self.assertEqual((run.returncode, run.stdout.decode()), (0, silent))
                lines = parsed(run.stderr.decode())
                self.assertEqual(lines[0][0], "info")
                self.assertRegex(lines[0][1], f"^hdpsim [0-9.]+: {re.escape(' '.join(command))} ")
                self.assertRegex(lines[-1][1], r"^done in \d+\.\d{3} s$")

    def test_every_command_lists_the_flags(self):
        for command in self.commands.values():
            words = command[:2] if command[0] == "workload" else command[:1]
            self.assertIn("--log-level", self.succeed(*words, "--help"))
            self.assertIn("--log-file", self.succeed(*words, "--help"))

    def test_a_level_has_what_is_above_it(self):
        said = [parsed(self.log(*RUN, level=level)) for level in LEVELS]
        self.assertEqual({level for level, _ in said[0]}, {"debug", "info"})
        self.assertEqual({level for level, _ in said[1]}, {"info"})
        self.assertEqual(said[2:], [[], []])
        self.assertEqual(self.log(*RUN, level="off"), "")
        self.refuse('--log-level: "inof"; allowed: debug, info, warning, error, off; '
                    "did you mean 'info'?", *RUN, "--log-level", "inof")

    def test_a_file_takes_the_lines_and_keeps_those_it_has(self):
        for _ in range(2):
            self.succeed(*RUN, "--log-file", "log", cwd=self.folder)
        lines = parsed((self.folder / "log").read_text())
        half = len(lines) // 2
        self.assertEqual(lines[:half], lines[half:])
        self.assertEqual({level for level, _ in lines}, {"info"})
        self.succeed(*RUN, "--log-file", "off", "--log-level", "off", cwd=self.folder)
        self.assertFalse((self.folder / "off").exists())

    def test_a_file_that_cannot_be_written_is_told_before_the_work(self):
        before = self.left()
        self.refuse("none/log: cannot write: No such file or directory",
                    *TABLE, "--log-file", "none/log")
        self.refuse("FOLDER: cannot write: Is a directory", *TABLE, "--log-file", self.folder)
        self.assertEqual(self.left(), before)
        run = hdpsim(*RUN, "--log-file", "/dev/full", cwd=self.folder)
        self.assertEqual((run.returncode, run.stderr.decode()),
                         (2, "hdpsim: /dev/full: cannot write: No space left on device\n"))

    def test_a_wrong_command_line_makes_no_log(self):
        before = self.left()
        for wrong in (["--nonsense"], ["--threads", "x"]):
            self.assertEqual(
                hdpsim(*RUN, "--log-file", "log", *wrong, cwd=self.folder).returncode, 2)
        self.assertEqual(self.left(), before)

    def test_what_was_resolved_and_read(self):
        self.file("mine.json", '{"base": "hdp_edge", "name": "mine"}')
        run = ["run", "./mine.json", "-w", TRACE, "--set", "prune.rho=0.25", "--set", "cores=3"]
        said = "\n".join(self.messages(*run))
        report = self.report(self.folder / "mine.json", *run[2:])
        configs = re.escape(str(SOURCE / "configs"))
        sha256 = hashlib.sha256(
            (SOURCE / f"configs/workloads/{TRACE}.safetensors").read_bytes()).hexdigest()
        self.assertRegex(
            said, rf"machine mine: ./mine\.json over {configs}/machines/hdp_edge\.json, kind hdp, "
            rf"settings sha256 {report['config_sha256']}, "
            r"changed prune\.rho=0\.25, cores=3\n")
        self.assertRegex(said, rf"memory ddr4_3200aa: {configs}/memories/ddr4_3200aa\.json, DDR4, ")
        self.assertRegex(said, rf"energy table cacti7: {configs}/energy/cacti7\.json")
        self.assertRegex(
            said, rf"workload {TRACE}: {configs}/workloads/{TRACE}\.safetensors, prefill, 6 layers "
            rf"x 12 heads, d 32, 64 keys, 884736 bytes of tensors, sha256 {sha256}(\n|$)")

    def test_rows_that_were_made_and_rows_that_were_taken(self):
        self.assertIn("row dense on small: made, ", "\n".join(self.messages(*TABLE)))
        again = [line for line in self.messages(*TABLE) if line.startswith("row ")]
        self.assertEqual(len(again), 2)
        for line in again:
            self.assertRegex(line, r"^row \w+ on small: taken from out/rows/\w+\.json$")
        damaged = re.search(r"out/rows/\S+", again[0]).group()
        self.file(damaged, "{")
        warnings = parsed(self.log(*TABLE, level="warning"))
        self.assertEqual([level for level, _ in warnings], ["warning"])
        self.assertIn(f"{damaged} was changed or made by another build, made again", warnings[0][1])

    def test_why_a_row_failed(self):
        failing = ["compare", "hdp_edge", "-w", TRACE, "--baseline", "none", "--set",
                   "core.score_sram.bytes=1"]
        *lines, last = self.log(*failing, level="error", code=2).split("\n")[:-1]
        mistake = last.removeprefix("hdpsim: ")
        self.assertIn("the rows of a block of scores", mistake)
        self.assertEqual(
            parsed("\n".join(lines) + "\n"),
            [("error", f"row hdp_edge on {TRACE}: failed: {mistake}"), ("error", mistake)])

    def test_times_are_for_debugging(self):
        said = "\n".join(self.messages(*RUN[:-2], level="debug"))
        for part in ("read", "hdp_edge on small: started", r"hdp_edge on small: \d+ cycles played",
                     r"baseline hdp_edge on small: \d+ cycles played", "reported"):
            self.assertRegex(said, rf"(^|\n){part} in \d+\.\d{{3}} s\n")
        self.assertNotRegex("\n".join(self.messages(*RUN)), r" in \d+\.\d{3} s")

    def test_a_message_is_one_line(self):
        machine = (SOURCE / "configs/machines/hdp_edge.json").read_bytes()
        small = (self.folder / "small.safetensors").read_bytes()
        for name, shown in (("a\nb \x1b[31m\r{}%s", r"a\nb \x1b[31m\x0d{}%s"),
                            ("\u009b\u0085\u00e9", "\\u009b\\u0085\u00e9")):
            self.file(f"{name}.json", machine)
            self.file(f"{name}.safetensors", small)
            said = self.messages("run", f"./{name}.json", "-w", f"./{name}.safetensors",
                                 level="debug")
            self.assertIn(f"machine {shown}: ./{shown}.json, kind hdp", "\n".join(said))
            self.assertIn(f"workload {shown}: ./{shown}.safetensors, prefill", "\n".join(said))
            missing = hdpsim("inspect", f"./{name}", "--log-level", "error", cwd=self.folder)
            self.assertEqual(missing.stderr.count(b"\n"), 2)

    def test_reports_are_the_same_bytes(self):
        for out, log in (("plain", []), ("logged", ["--log-level", "debug", "--log-file", "log"])):
            self.succeed(*RUN[:-2], "--detail", "--out", out, *log, cwd=self.folder)
            self.succeed(*TABLE[:-1], f"{out}_table", *log, cwd=self.folder)
        for plain in [*(self.folder / "plain").iterdir(),
                      *(p for p in (self.folder / "plain_table").rglob("*") if p.is_file())]:
            logged = str(plain).replace("/plain", "/logged")
            with open(logged, "rb") as file:
                self.assertEqual(plain.read_bytes(), file.read(), plain)

    def test_progress_on_a_terminal_and_lines_do_not_tear_each_other(self):
        ours, theirs = os.openpty()
        seen = bytearray()

        def read():
            while True:
                try:
                    seen.extend(os.read(ours, 65536))
                except OSError:  # the last writer has closed the terminal
                    return

        reader = threading.Thread(target=read)
        with subprocess.Popen(
                [HDPSIM, *"compare hdp_edge dense hdp_server -w bert_tiny_n128 -j 3".split(),
                 "-w", TRACE, "--log-level", "debug"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs) as run:
            os.close(theirs)
            reader.start()
            self.assertEqual(run.wait(), 0)
        reader.join()
        os.close(ours)
        *lines, rest = seen.decode().split("\r\n")
        self.assertGreater(seen.count(b"] hdp_edge"), 1)
        self.assertRegex(rest, f"^({TERMINAL})*$")
        for line in lines:
            self.assertRegex(line, f"^({TERMINAL})*{LINE.pattern}$")
            self.assertNotRegex(line, r"\] [^\r\x1b]*\d{4}-\d\d-\d\dT")


if __name__ == "__main__":
    unittest.main()
