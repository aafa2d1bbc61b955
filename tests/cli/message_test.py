# SPDX-License-Identifier: Apache-2.0
"""Messages are one line that only shows, whatever they quote, and whatever can be written to."""
import json
import os
import resource
import subprocess
import unittest

from support import HDPSIM, TRACE, CliTest, hdpsim, safetensors, trace

STEERS = "\x1b[2J\x07\n\r\x7f\u0085\u009b\u2028\u202egpj"
SHOWN = "\\x1b[2J\\x07\\n\\x0d\\x7f\\u0085\\u009b\\u2028\\u202egpj"


def started(command, **how):
    return subprocess.run([HDPSIM, *map(str, command)], check=False, stdin=subprocess.DEVNULL,
                          **how)


class EscapedTest(CliTest):
    def test_words_of_the_command_line(self):
        self.refuse(f"{SHOWN}: neither a name in machines nor a file; allowed: dense, hdp_edge, "
                    "hdp_edge_split, hdp_server, leopard_ae, leopard_base, leopard_hp, spatten, "
                    "spatten_eighth, spatten_rtl_artifact, sta, token_picker",
                    "run", STEERS, "-w", TRACE)
        for command in ([STEERS], ["run", "hdp_edge", "-w", TRACE, "--" + STEERS],
                        ["run", "hdp_edge", "-w", TRACE, "--set", STEERS + "=1"],
                        ["run", "hdp_edge", "-w", TRACE, "--set", "prune.rho=" + STEERS],
                        ["run", "hdp_edge", "-w", TRACE, "--baseline", STEERS],
                        ["dram", "ddr4_2400r", "--pattern", STEERS],
                        ["inspect", STEERS + ".safetensors"], ["list", STEERS], ["schema", STEERS],
                        ["explain", STEERS], ["run", b"\xff\x9b\xe2\x80", "-w", TRACE]):
            self.check(command)

    def check(self, command):
        with self.subTest(command):
            run = started([os.fsencode(word).decode("utf-8", "surrogateescape")
                           for word in command], capture_output=True, cwd=self.folder)
            self.check_line(run)
            return run.stderr.decode()

    def check_line(self, run):
        self.assertEqual((run.returncode, run.stdout), (2, b""), run.stderr)
        line = run.stderr.decode()  # must be UTF-8
        self.assertEqual(line.count("\n"), 1)
        self.assertFalse([c for c in line[:-1] if ord(c) < 0x20 or 0x7f <= ord(c) < 0xa0
                          or c in "\u2028\u2029\u202e"], line)
        self.assertLess(len(run.stderr), 8_000)

    def test_names_and_texts_in_files(self):
        header, data = trace()
        for change in (lambda h: h.update({STEERS: h.pop("layers.0.v")}),
                       lambda h: h["__metadata__"].update(stage=STEERS),
                       lambda h: h["__metadata__"].update(stage="x" * 1_000_000),
                       lambda h: h["layers.0.q"].update({STEERS: 1}),
                       lambda h: h["layers.0.q"].update(dtype=STEERS)):
            changed = json.loads(json.dumps(header))
            change(changed)
            self.check(["run", "hdp_edge", "-w",
                        self.file("t.safetensors", safetensors(changed, data))])
        self.check(["run", "hdp_edge", "-w",
                    self.file(STEERS.replace("/", "") + ".safetensors", b"")])
        for cases in ([{"name": STEERS, "system": STEERS}], {STEERS: 1}, [{STEERS: 1}],
                      [{"name": "a", "system": "hdp", "settings": {STEERS: 1}}],
                      [{"name": "a", "system": "hdp", "settings": {"rho": STEERS}}],
                      [{"name": "a", "system": "hdp", "settings": {"rho": [STEERS] * 100_000}}],
                      [{"name": "a", "system": "hdp", "settings": {"x" * 1_000_000: 1}}]):
            for escaped in (True, False):
                self.check(["prune", TRACE, "--out", "o.json", "--cases",
                            self.file("c.json", json.dumps(cases, ensure_ascii=escaped))])
        for rows in (STEERS, STEERS + ",x\n1,2", "\xff" * 100_000):
            self.check(["run", "spatten", "-w", self.file("r.csv", rows)])
        for requests in ("R " + STEERS, STEERS, "R 0 " + "9" * 100_000):
            self.check(["dram", "ddr4_2400r", "--requests", self.file("r.txt", requests)])

    def test_text_reports_show_what_a_file_says_on_one_line(self):
        header, data = trace()
        header["__metadata__"][STEERS] = STEERS
        path = self.file("t.safetensors", safetensors(header, data))
        self.assertIn(f"  {SHOWN}: {SHOWN}\n", self.succeed("inspect", path))
        path = self.file("w.safetensors", safetensors(
            {STEERS: {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]}}, bytes(4)))
        self.assertIn(SHOWN, self.succeed("inspect", path))
        path = self.file("\x1b\u009b.safetensors", safetensors(*trace()))
        for command in (["inspect", path], ["run", "hdp_edge", "-w", path],
                        ["compare", "hdp_edge", "dense", "-w", path]):
            text = self.succeed(*command)
            self.assertIn("\\x1b\\u009b", text)
            self.assertNotIn("\x1b", text)
            self.assertNotIn("\u009b", text)


class StreamsTest(CliTest):
    """A stream that is full or closed costs the message, not the exit code."""
    MISTAKE = ["run", "nosuch", "-w", TRACE]
    GOOD = ["list", "memories"]

    def code(self, command, redirection, **how):
        line = " ".join([HDPSIM, *map(str, command), redirection])
        return subprocess.run(["sh", "-c", line], check=False, cwd=self.folder, **how).returncode

    def test_a_mistake(self):
        for redirection in ("2>/dev/full", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/null"):
            self.assertEqual(self.code(self.MISTAKE, redirection), 2, redirection)
            self.assertEqual(self.code(["nosuch"], redirection), 2, redirection)
        self.assertEqual(self.code([*self.MISTAKE, "--log-level", "debug"], "2>/dev/full"), 2)

    def test_results_that_cannot_be_written(self):
        for redirection in (">/dev/full", ">&-", "<&- >&-"):
            self.assertEqual(self.code(self.GOOD, redirection, stderr=subprocess.DEVNULL), 2,
                             redirection)
        run = subprocess.run(["sh", "-c", f"{HDPSIM} list memories >/dev/full"], check=False,
                             capture_output=True)
        self.assertRegex(run.stderr.decode(), r"^hdpsim: [^\n]*No space left on device\n$")

    def test_no_file_becomes_a_stream_that_was_closed(self):
        self.file("t.safetensors", safetensors(*trace()))
        self.file("c.json", "[]")
        command = ["prune", "t.safetensors", "--cases", "c.json", "--out", "o.json"]
        self.assertEqual(self.code(command, ""), 0)
        right = (self.folder / "o.json").read_bytes()
        log = ["--log-level", "debug", "--log-file", "log"]
        for redirection in ("2>&-", "<&- >&- 2>&-"):
            self.assertEqual(self.code(command + log, redirection), 0)
            self.assertEqual((self.folder / "o.json").read_bytes(), right)
            self.assertEqual(self.code(self.MISTAKE + log, redirection), 2)
            self.assertNotIn(b"hdpsim: nosuch", (self.folder / "log").read_bytes())


class MemoryTest(CliTest):
    """With less memory than a command asks for."""

    def limited(self, limits, *arguments):
        def limit():
            for what, most in limits.items():
                resource.setrlimit(what, (most, resource.getrlimit(what)[1]))
        return subprocess.run([HDPSIM, *map(str, arguments)], preexec_fn=limit, check=False,
                              capture_output=True, cwd=self.folder)

    def need(self, limits):
        if self.limited(limits, "--version").returncode != 0:
            self.skipTest("the program itself needs more (sanitizers do)")

    def test_out_of_memory_is_the_users_mistake_with_a_size(self):
        limits = {resource.RLIMIT_AS: 400_000_000}
        self.need(limits)
        size = 500_000_000
        path = self.file("t.safetensors", b"")
        os.truncate(path, size)
        run = self.limited(limits, "inspect", path)
        self.assertEqual((run.returncode, run.stderr.decode()), (
            2, f"hdpsim: {path}: cannot hold {size} bytes: Cannot allocate memory\n"))
        path = self.file("w.json", json.dumps({"model": "bert_base", "n": 16384, "layers": 12}))
        run = self.limited(limits, "run", "hdp_edge", "-w", path)
        self.assertEqual(run.returncode, 2)
        self.assertRegex(run.stderr.decode(), r"^hdpsim: out of memory: \d+ bytes more were asked "
                                              r"for; allowed: [^\n]*\n$")

    def test_threads_that_cannot_be_started(self):
        """A stack that no address space has room for: every start of a thread fails."""
        limits = {resource.RLIMIT_AS: 2_000_000_000, resource.RLIMIT_STACK: 4_000_000_000}
        self.need(limits)
        run = ["run", "hdp_edge", "-w", TRACE, "--json", "-j"]
        right = self.succeed(*run, 1)
        alone = self.limited(limits, *run, 8)
        self.assertEqual((alone.returncode, alone.stderr), (0, b""))
        self.assertEqual(alone.stdout.decode(), right)
        table = ["compare", "hdp_edge", "spatten", "-w", TRACE, "--json", "-j", 8]
        self.assertEqual(self.limited(limits, *table).stdout.decode(), self.succeed(*table))


if __name__ == "__main__":
    unittest.main()
