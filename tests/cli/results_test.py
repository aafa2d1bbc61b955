# SPDX-License-Identifier: Apache-2.0
"""Results appear whole or not at all; no input, and no other result, is written over."""
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import time
import unittest

from support import HDPSIM, SOURCE, TRACE, CliTest

RUN = ["run", "hdp_edge", "-w"]
TRACE_FILE = SOURCE / "configs/workloads" / f"{TRACE}.safetensors"
CASES = json.dumps([{"name": "a", "system": "hdp", "settings": {}}])
IN_USE = ("is in use by this command, which would write over it; allowed: a file that is neither "
          "input nor log")


class ResultsTest(CliTest):
    def contents(self):
        return {path: (self.folder / path).read_bytes() for path in self.left()
                if (self.folder / path).is_file()}

    def refused_and_nothing_moves(self, message, *arguments):
        before = self.contents()
        self.refuse(message, *arguments)
        self.assertEqual(self.contents(), before)

    def test_no_input_is_written_over_whatever_its_name(self):
        shutil.copy(TRACE_FILE, self.folder / "mine.safetensors")
        os.link(self.folder / "mine.safetensors", self.folder / "linked")
        (self.folder / "named").symlink_to("mine.safetensors")
        (self.folder / "sub").mkdir()
        self.file("m.json", '{"base": "hdp_edge", "energy_table": "e.json"}')
        shutil.copy(SOURCE / "configs/energy/cacti7.json", self.folder / "e.json")
        self.file("cases.json", CASES)
        self.file("settings.json", '{"prompt": 60, "generated": 2}')
        self.file("value", "2")
        trace = [*RUN, "mine.safetensors"]
        for out in ("mine.safetensors", "linked", "named", "sub/../mine.safetensors",
                    self.folder / "mine.safetensors"):
            named = str(out).replace(str(self.folder), "FOLDER")
            self.refused_and_nothing_moves(f"{named}: {IN_USE}", *trace, "--timeline", out)
        for out, *command in (
                ("m.json", "run", "m.json", "-w", "mine.safetensors", "--timeline"),
                ("e.json", "run", "m.json", "-w", "mine.safetensors", "--timeline"),
                ("value", *trace, "--set", "cores=@value", "--timeline"),
                ("mine.safetensors", "prune", "mine.safetensors", "--cases", "cases.json", "--out"),
                ("cases.json", "prune", "mine.safetensors", "--cases", "cases.json", "--out"),
                ("settings.json", "workload", "generate", "settings.json", "--out")):
            self.refused_and_nothing_moves(f"{out}: {IN_USE}", *command, out)

    def test_a_replayed_configuration_is_not_written_over(self):
        self.succeed(*RUN, TRACE, "--out", self.folder / "out")
        self.refused_and_nothing_moves(f"out/config.json: {IN_USE}", "run", "out/config.json", "-w",
                                       TRACE, "--out", "out")

    def test_finished_reports_are_not_written_over(self):
        self.succeed(*RUN, TRACE, "--out", self.folder / "a")
        (self.folder / "a/report.json").rename(self.folder / "table.json")
        self.refused_and_nothing_moves(f"./table.json: {IN_USE}", "compare", "table.json", "--out",
                                       ".")

    def test_no_two_results_have_one_name(self):
        (self.folder / "out").mkdir()
        (self.folder / "also").symlink_to("out")
        for timeline in ("out/report.json", "out/./config.json", "also/report.txt"):
            name = pathlib.Path(timeline).name
            self.refused_and_nothing_moves(
                f"out/{name}: is two outputs: also {timeline}; allowed: a file each",
                *RUN, TRACE, "--timeline", timeline, "--out", "out")

    def test_a_timeline_may_lie_in_the_new_folder(self):
        self.succeed(*RUN, TRACE, "--timeline", self.folder / "out/t.json", "--out",
                     self.folder / "out")
        self.assertEqual(self.left(), ["out", "out/config.json", "out/report.json",
                                       "out/report.txt", "out/t.json"])

    def test_a_log_is_added_to_logs_only(self):
        shutil.copy(TRACE_FILE, self.folder / "mine.safetensors")
        self.refused_and_nothing_moves(
            "mine.safetensors: holds something else than a log, to which no line is added; "
            "allowed: a log of hdpsim, or a name that is free",
            *RUN, "mine.safetensors", "--log-file", "mine.safetensors")
        self.refuse(f"report.json: {IN_USE}", *RUN, "mine.safetensors", "--log-file",
                    "report.json", "--timeline", "report.json")
        self.succeed(*RUN, TRACE, "--log-file", self.folder / "log")
        self.succeed(*RUN, TRACE, "--log-file", self.folder / "log")

    def test_what_cannot_be_a_file_is_found_before_the_work(self):
        os.mkfifo(self.folder / "pipe")
        long = "n" * 256
        for name, problem in (("pipe", "is a pipe; allowed: a file, or a name that is free"),
                              ("/dev/null", "is a device; allowed: a file, or a name that is free"),
                              (long, "File name too long")):
            self.refuse(f"{name}: cannot write: {problem}", *RUN, TRACE, "--timeline", name)
        self.refuse(f"{long}: cannot create folder: File name too long", *RUN, TRACE, "--out",
                    long)
        self.assertEqual(self.left(), ["pipe"])

    def test_a_full_disk_leaves_what_was_there(self):
        self.succeed(*RUN, TRACE, "--out", self.folder / "out")
        before = self.contents()

        def full():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        for arguments in ([*RUN, TRACE, "--set", "cores=2", "--out", "out"],
                          [*RUN, TRACE, "--out", "new/folder"],
                          [*RUN, TRACE, "--timeline", "t.json"],
                          ["workload", "generate", "gpt2_small_per8", "--out", "rows.csv"]):
            run = subprocess.run([HDPSIM, *arguments], cwd=self.folder, capture_output=True,
                                 check=False, preexec_fn=full)
            self.assertEqual(run.returncode, 2)
            self.assertRegex(run.stderr.decode(), r"^hdpsim: \S+: cannot write: File too large\n$")
            self.assertEqual(self.contents(), before)
        self.assertEqual(self.left(), ["out", *(f"out/{n}" for n in sorted(
            ("config.json", "report.json", "report.txt")))])

    def started(self, *arguments):
        """A run that has claimed its results and computes."""
        process = subprocess.Popen([HDPSIM, *arguments], cwd=self.folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        for _ in range(2000):
            if any(name.endswith("-lock") for name in self.left()):
                return process
            time.sleep(0.005)
        process.kill()
        return self.fail(f"it never locked: {process.communicate()}")

    def test_two_commands_do_not_write_one_folder(self):
        first = self.started(*RUN, TRACE, "--what-if", "--out", "new/out")
        with self.assertRaisesRegex(
                AssertionError, rf"new/out: is being written by another hdpsim \(pid {first.pid} "):
            self.refuse("", *RUN, TRACE, "--out", "new/out")
        self.assertEqual(first.wait(), 0)
        first.communicate()
        self.assertEqual(self.left(), ["new", "new/out", "new/out/config.json",
                                       "new/out/report.json", "new/out/report.txt"])

    def test_an_interrupted_run_leaves_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            run = self.started(*RUN, TRACE, "--what-if", "--out", "a/b", "--timeline", "t.json")
            run.send_signal(number)
            run.communicate()
            self.assertEqual(run.returncode, -number)
            self.assertEqual(self.left(), [])

    def test_what_a_kill_left_goes_with_the_next_run(self):
        run = self.started(*RUN, TRACE, "--what-if", "--out", "out")
        run.kill()
        run.communicate()
        self.assertEqual(len(self.left()), 1)  # the lock, which nobody holds
        self.succeed(*RUN, TRACE, "--out", self.folder / "out")
        self.assertEqual(len(self.left()), 4)


if __name__ == "__main__":
    unittest.main()
