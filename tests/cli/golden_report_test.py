# SPDX-License-Identifier: Apache-2.0
"""Reports of every kind of run, key for key: counts exact, doubles to 1e-9, texts to the letter.

golden_report_test.py --update writes them anew: say in CHANGELOG.md what moved, and why.
"""
import json
import math
import sys
import unittest

from support import SOURCE, TRACE, CliTest

GOLDEN = SOURCE / "tests" / "golden" / "reports"
LINEAR = ("--set", "cascade.token.keep=linear", "--set", "cascade.head.keep=linear")
DECODE = {"model": "gpt2", "stage": "decode", "n_ctx": 40, "steps": 3, "layers": 2, "heads": 3}
CASES = {
    "hdp_prefill": ("hdp_edge", "-w", TRACE),
    "hdp_cascade": ("hdp_edge", "-w", TRACE, *LINEAR),
    "hdp_decode": ("hdp_edge", "-w", "decode.json", "--detail", "--baseline", "hdp_server"),
    "hdp_decode_cascade": ("hdp_server", "-w", "decode.json", "--detail", *LINEAR),
    "dense_prefill": ("dense", "-w", TRACE, "--baseline", "none", "--set", "memory.model=ideal"),
    "spatten_prefill": ("spatten", "-w", TRACE),
    "spatten_decode": ("spatten_eighth", "-w", "decode.json", "--detail"),
    "spatten_rows": ("spatten", "-w", "rows.csv", "--iteration", "1"),
    "spatten_rtl_rows": ("spatten_rtl_artifact", "-w", "rows.csv", "--iteration", "1", "--rows",
                         "6", "--detail"),
    "token_picker_decode": ("token_picker", "-w", "decode.json", "--detail"),
    "leopard_prefill": ("leopard_ae", "-w", TRACE, "--baseline", "leopard_base"),
    "leopard_decode": ("leopard_hp", "-w", "decode.json", "--detail"),
    "sta_prefill": ("sta", "-w", TRACE),
    "sta_decode": ("sta", "-w", "decode.json", "--detail"),
}


def differences(path, want, got):
    """One line for every value that is not the golden one."""
    if isinstance(want, dict) and isinstance(got, dict):
        for key in [*want, *(key for key in got if key not in want)]:
            if key not in got or key not in want:
                yield f"{path}.{key}: {'gone' if key in want else 'new'}"
            else:
                yield from differences(f"{path}.{key}", want[key], got[key])
    elif isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        for i, pair in enumerate(zip(want, got)):
            yield from differences(f"{path}[{i}]", *pair)
    elif isinstance(want, float) and isinstance(got, float):
        if not math.isclose(want, got, rel_tol=1e-9):
            yield f"{path}: {want} -> {got}"
    elif want != got or type(want) is not type(got):
        yield f"{path}: {want} -> {got}"


class GoldenReportTest(CliTest):
    def make_workloads(self):
        self.file("decode.json", json.dumps(DECODE))
        self.succeed("workload", "generate", "gpt2_small_per8", "--set", "prompt=60", "--set",
                     "generated=2", "--out", self.folder / "rows.csv")

    def reports(self):
        """Name, JSON and text of every case."""
        self.make_workloads()
        for name, arguments in CASES.items():
            out = self.folder / name
            self.succeed("run", *arguments, "--out", out, cwd=self.folder)
            yield name, (out / "report.json").read_text(), (out / "report.txt").read_text()

    def test_reports(self):
        for name, report, text in self.reports():
            with self.subTest(name):
                want = json.loads((GOLDEN / f"{name}.json").read_text())
                self.assertEqual(list(differences(name, want, json.loads(report))), [])
                self.assertEqual(text, (GOLDEN / f"{name}.txt").read_text())

    def test_every_golden_report_has_a_case(self):
        self.assertEqual(sorted(path.name for path in GOLDEN.iterdir()),
                         sorted(f"{name}.{end}" for name in CASES for end in ("json", "txt")))

    def update(self):
        for name, report, text in self.reports():
            (GOLDEN / f"{name}.json").write_text(report)
            (GOLDEN / f"{name}.txt").write_text(text)


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        updater = GoldenReportTest("update")
        sys.exit(not unittest.TextTestRunner().run(updater).wasSuccessful())
    unittest.main()
