# SPDX-License-Identifier: Apache-2.0
"""Files that lie, change or do not end: exit code 2 and one line, in bounded memory and time."""
import hashlib
import json
import os
import resource
import struct
import subprocess
import threading
import time
import unittest

from support import HDPSIM, SOURCE, TRACE, CliTest, hdpsim, safetensors, trace

RUN = ["run", "hdp_edge", "--baseline", "none", "-w"]
HUGE = 100_000_000_000


def trace_of(values, n=8, d=4, dtype="F64", pack="d", **metadata):
    """A trace of one head whose every value is `values`, or values(kind, i)."""
    header = {"__metadata__": {"stage": "prefill", "causal": "false", **metadata}}
    data = b""
    for kind in "qkv":
        begin = len(data)
        for i in range(n * d):
            data += struct.pack("<" + pack, values(kind, i) if callable(values) else values)
        header[f"layers.0.{kind}"] = {"dtype": dtype, "shape": [1, n, d],
                                      "data_offsets": [begin, len(data)]}
    return safetensors(header, data)


def seconds_of_programs():
    """CPU time of all that have ended: what else the machine does is not theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class HostileJsonTest(CliTest):
    """Every JSON text goes through one reader, which looks before it descends."""

    def setUp(self):
        super().setUp()
        self.file("t.safetensors", safetensors(*trace()))
        self.settled = self.left()

    def refuse_everywhere(self, text, message):
        """As cases, machine, workload, workload settings, memory, report, baseline."""
        self.file("f.json", text)
        said = "FOLDER/f.json" + message
        path = self.folder / "f.json"
        for command in (["prune", "t.safetensors", "--cases", path, "--out", "out.json"],
                        ["run", path, "-w", "t.safetensors"],
                        ["run", "hdp_edge", "-w", path],
                        ["workload", "generate", path, "--out", "out.csv"],
                        ["dram", path, "--pattern", "seq"],
                        ["compare", path, path], ["check", path], ["diff", path, path]):
            with self.subTest(command):
                self.refuse(said, *command)
        self.assertEqual(self.left(), ["f.json", *self.settled])

    def test_lists_nested_100000_deep(self):
        self.refuse_everywhere("[" * 100_000 + "]" * 100_000, ": nested deeper than 64 levels")
        self.refuse_everywhere('{"a":' * 100_000, ": nested deeper than 64 levels")

    def test_a_key_that_comes_twice(self):
        self.refuse_everywhere('{"name": "a", "x": 1, "x": 2}', ": /x: this key stands here twice")
        self.file("cases.json", '[{"name":"a","system":"hdp","settings":{"rho":0.1,"rho":0.9}}]')
        self.refuse("cases.json: /0/settings/rho: this key stands here twice", "prune", TRACE,
                    "--cases", "cases.json", "--out", "o.json")

    def test_text_behind_a_zero_byte_or_behind_the_end(self):
        self.refuse_everywhere(b"{}\0{}", ":1:3: a zero byte is not JSON")
        self.refuse_everywhere(b'{"kind": "a\0b"}', ":1:12: a zero byte is not JSON")
        for tail in ("{}", "x", "]"):
            path = self.file("f.json", "{}" + tail)
            run = hdpsim("run", path, "-w", "t.safetensors")
            self.assertEqual((run.returncode, run.stderr.count(b"\n")), (2, 1), run.stderr)
        header, data = trace()
        text = json.dumps(header).encode()
        self.file("z.safetensors", safetensors(text + b"\0" * 8, data))
        self.refuse(f"z.safetensors: the header holds a zero byte at byte {8 + len(text)} of the "
                    "file", *RUN, "z.safetensors")

    def test_integers_that_fit_no_type(self):
        for number in ("99999999999999999999999", "1" + "0" * 400):
            self.file("cases.json", '[{"name":"a","system":"hdp","settings":{"rho":%s}}]' % number)
            run = hdpsim("prune", TRACE, "--cases", "cases.json", "--out", "o.json",
                         cwd=self.folder)
            self.assertEqual((run.returncode, run.stderr.count(b"\n")), (2, 1), run.stderr)

    def test_a_report_whose_bytes_overflow(self):
        report = json.loads(self.succeed(*RUN, self.folder / "t.safetensors", "--json"))
        report["memory"]["read_bytes"] = {"q": 2**62, "k": 2**62}
        path = self.file("r.json", json.dumps(report))
        self.refuse("FOLDER/r.json: memory.read_bytes: is missing, or none that a report has; "
                    "allowed: a report of format report-1", "compare", path, path)


class ValuesTest(CliTest):
    """What no machine can hold is refused with the tensor's name; the rest gives numbers."""
    ALLOWED = "; allowed: finite numbers of at most 2^128 (3.4e38) in magnitude"

    def refuse_values(self, content, message):
        path = self.file("t.safetensors", content)
        for command in ([*RUN, path], ["run", "spatten", "-w", path], ["inspect", path],
                        ["run", "dense", "-w", path]):
            self.refuse("FOLDER/t.safetensors: " + message, *command)

    def test_f64_that_overflows(self):
        for value, text in ((1.7e308, "1.7e+308"), (-1e308, "-1e+308"), (1e39, "1e+39")):
            self.refuse_values(trace_of(value),
                               f"tensor 'layers.0.q': value {text} at [0, 0, 0]{self.ALLOWED}")
        self.refuse_values(trace_of(lambda kind, i: 1e300 if (kind, i) == ("v", 7) else 1),
                           f"tensor 'layers.0.v': value 1e+300 at [0, 1, 3]{self.ALLOWED}")

    def test_weights_that_overflow(self):
        header = {"w": {"dtype": "F64", "shape": [2], "data_offsets": [0, 16]}}
        path = self.file("w.safetensors", safetensors(header, struct.pack("<2d", 1, 1e308)))
        self.refuse(f"tensor 'w': value 1e+308 at 1{self.ALLOWED}", "inspect", path)

    def test_scales_that_overflow(self):
        for scale in ("1e300", "1e999", "nan", "-1", "0"):
            self.refuse_values(
                trace_of(1, dtype="I8", pack="b", scale=scale),
                f"metadata 'scale': '{scale}'; allowed: a number above 0, at most 2^97 (1.6e+29)")
        self.file("c.json", '[{"name":"a","system":"spatten","settings":{"q_scale":1e300}}]')
        self.refuse("c.json: /0/settings/q_scale: 1e+300; allowed: a number in (0, "
                    "1.5845632502852868e+29)", "prune", TRACE, "--cases", "c.json", "--out", "o")

    def test_whatever_is_allowed_gives_numbers(self):
        largest = 2.0**128
        self.file("cases.json", json.dumps(
            [{"name": system, "system": system, "settings": {}} for system in ("hdp", "spatten")]))
        for name, content in {
                "largest": trace_of(largest), "both signs": trace_of(
                    lambda kind, i: largest if i % 2 else -largest),
                "tiny": trace_of(5e-324), "zero": trace_of(0.0),
                "tiny and large": trace_of(lambda kind, i: 5e-324 if kind == "q" else largest),
                "codes": trace_of(-2**31, dtype="I32", pack="i", scale="1.5e29"),
                "tiny scale": trace_of(127, dtype="I8", pack="b", scale="5e-324")}.items():
            path = self.file("t.safetensors", content)
            for command in (["run", "hdp_edge", "-w", path, "--json"],
                            ["run", "hdp_edge", "-w", path],
                            ["run", "spatten", "-w", path, "--json"],
                            ["run", "spatten", "-w", path], ["run", "dense", "-w", path],
                            ["inspect", path], ["inspect", path, "--json"],
                            ["prune", path, "--cases", self.folder / "cases.json", "--out",
                             self.folder / "o"]):
                with self.subTest(name, command=command):
                    run = hdpsim(*command)
                    self.assertIn(run.returncode, (0, 2), run.stderr)
                    self.assertLessEqual(run.stderr.count(b"\n"), 1)
                    said = run.stdout
                    if command[0] == "prune" and run.returncode == 0:
                        said = (self.folder / "o").read_bytes()
                    self.assertNotRegex(said.lower(), rb"\b-?(nan|inf)\b")
                    if run.returncode == 2:  # codes of 32 bits are too wide for SpAtten
                        self.assertEqual(name, "codes")


class FilesTest(CliTest):
    """No regular file, no end, or another file in the middle."""

    def readers(self, path):
        """Commands that read it, by the extension that it must have."""
        out = self.folder / "out"
        return {".safetensors": [[*RUN, path], ["inspect", path],
                                 ["prune", path, "--cases", path, "--out", out]],
                ".csv": [["run", "spatten", "-w", path], ["workload", "show", path]],
                ".json": [["run", path, "-w", TRACE], ["run", "hdp_edge", "-w", path],
                          ["run", "hdp_edge", "-w", TRACE, "--set", f"prune=@{path}"],
                          ["compare", path, path]],
                ".bin": [["dram", "ddr4_2400r", "--requests", path]],
                ".txt": [["dram", "ddr4_2400r", "--requests", path]]}

    def check_all(self, make, lines, other=""):
        """Each reader ends with code 2, soon, and one line that has one of `lines`."""
        for extension in self.readers(""):
            if extension == other:
                continue
            path = self.folder / ("f" + extension)
            make(path)
            for command in self.readers(path)[extension]:
                with self.subTest(command):
                    begin = seconds_of_programs()
                    run = hdpsim(*command)
                    self.assertLess(seconds_of_programs() - begin, 20)
                    said = run.stderr.decode()
                    self.assertEqual((run.returncode, said.count("\n")), (2, 1), said)
                    self.assertTrue(any(line in said for line in lines), said)

    def test_a_pipe(self):
        self.check_all(os.mkfifo, ["is no regular file", "is a pipe; allowed: a regular file"])

    def test_a_device(self):
        self.check_all(lambda path: path.symlink_to("/dev/zero"),
                       ["is no regular file", "is a device; allowed: a regular file"])

    def test_a_file_of_100_gb(self):
        def make(path):
            path.touch()
            os.truncate(path, HUGE)
        self.check_all(make, [f"is of {HUGE} [bytes]; allowed: at most "])

    def test_zeros_without_end_that_are_allowed(self):
        def make(path):
            path.touch()
            os.truncate(path, 200_000_000)
        self.check_all(make, [": "], other=".bin")  # as records they are requests

    def test_rows_that_shrink(self):
        rows = self.folder / "rows.csv"
        self.succeed("workload", "generate", "gpt2_small_unpruned", "--out", rows)
        lines = rows.read_bytes().splitlines(keepends=True)
        many = lines[0] + b"".join(lines[1:]) * 20
        for delay in (0, .002, .01, .05):
            rows.write_bytes(many)
            with subprocess.Popen([HDPSIM, "workload", "show", rows], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE) as run:
                time.sleep(delay)
                os.truncate(rows, 100)
                _, said = run.communicate()
            self.assertIn(run.returncode, (0, 2), said)
            self.assertEqual(said.count(b"\n"), run.returncode // 2)

    def test_what_is_played_is_what_was_hashed(self):
        """Beside somebody who writes two traces over each other, in place."""
        path = self.folder / "t.safetensors"
        contents = [trace_of(lambda kind, i, s=s: ((i * s) % 17 - 8) / 4, n=64, d=16)
                    for s in (3, 7)]
        right = {}
        for content in contents:
            path.write_bytes(content)
            right[hashlib.sha256(content).hexdigest()] = self.succeed(*RUN, path, "--json")
        stop = threading.Event()

        def flip():
            turn = 0
            while not stop.wait(.005):
                with open(path, "r+b") as file:
                    file.write(contents[turn % 2])
                turn += 1
        writer = threading.Thread(target=flip)
        writer.start()
        try:
            for _ in range(30):
                run = hdpsim(*RUN, path, "--json")
                if run.returncode == 2:
                    self.assertIn(b"changed while it was read", run.stderr)
                    continue
                self.assertEqual((run.returncode, run.stderr), (0, b""))
                report = run.stdout.decode()
                sha256 = json.loads(report)["workload"]["sha256"]
                if sha256 in right:
                    self.assertEqual(report, right[sha256])
        finally:
            stop.set()
            writer.join()


class TooLargeTest(CliTest):
    def test_spatten_refuses_16384_tokens_before_it_plans(self):
        header, _ = trace(n=16384, d=64)
        path = self.file("t.safetensors", safetensors(header, os.urandom(0)))
        size = 16384 * 64 * 2
        with open(path, "ab") as file:
            file.truncate(path.stat().st_size + 3 * size)
        begin = seconds_of_programs()
        self.refuse("/k_buffer_bytes: step 0 layer 0 head 0 has 16384 keys of 64 elements; "
                    "allowed: at most 2048 in 196608 bytes", "run", "spatten", "-w", path)
        self.assertLess(seconds_of_programs() - begin, 5, "without planning: 0.1 s; with it: 33 s")

    def test_a_decode_that_ends_too_long(self):
        shapes = {"q": 3, "k": 2050, "v": 2050}
        header, data = {"__metadata__": {"stage": "decode", "n_ctx": "2047", "steps": "3"}}, b""
        for kind, rows in shapes.items():
            header[f"layers.0.{kind}"] = {"dtype": "F16", "shape": [1, rows, 64],
                                          "data_offsets": [len(data), len(data) + rows * 128]}
            data += bytes(rows * 128)
        path = self.file("t.safetensors", safetensors(header, data))
        self.refuse("/k_buffer_bytes: step 1 layer 0 head 0 has 2049 keys of 64 elements; "
                    "allowed: at most 2048 in 196608 bytes", "run", "spatten", "-w", path)


if __name__ == "__main__":
    unittest.main()
