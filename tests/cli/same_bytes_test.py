# SPDX-License-Identifier: Apache-2.0
"""The same bytes whatever the locale, the folder, the home, the threads and the instructions."""
import os
import pathlib
import shutil
import subprocess
import unittest

from support import HDPSIM, SOURCE, TRACE, CliTest

BASE = os.environ.get("HDPSIM_BASE_VECTORS")
QUICK = os.environ.get("HDPSIM_QUICK")  # a build that is checked, and slow
CASES = """[{"name": "h", "system": "hdp", "settings": {"tau": 0.5}},
            {"name": "z", "system": "hdp", "settings": {"masked": "zero", "word_bits": 20}},
            {"name": "s", "system": "spatten", "settings": {"progressive": {"threshold": 0.1}}}]"""


def machine_has_avx2():
    info = pathlib.Path("/proc/cpuinfo")
    return info.exists() and " avx2 " in info.read_text() + " "


def locales():
    listed = subprocess.run(["locale", "-a"], check=False, capture_output=True).stdout.decode()
    names = [name for name in listed.split() if name not in ("C", "POSIX")]
    german = [name for name in names if name.startswith("de_")]
    return ["C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", *german[:1], *names[:3]]


class SameBytesTest(CliTest):
    def setUp(self):
        super().setUp()
        self.file("cases.json", CASES)
        shutil.copy(SOURCE / "configs" / "workloads" / f"{TRACE}.safetensors",
                    self.folder / "t.safetensors")

    def results(self, program=HDPSIM, cwd=None, threads="2", **environment):
        """What the commands print and write, by name."""
        cwd = cwd or self.folder
        path = os.path.relpath(self.folder, cwd)
        made = {}
        for name, command in {
                "hdp": ["run", "hdp_edge", "-w", f"{path}/t.safetensors", "--json", "--detail"],
                "hdp text": ["run", "hdp_server", "-w", f"{path}/t.safetensors"],
                "hdp wide": ["run", "hdp_edge", "-w", f"{path}/t.safetensors", "--json",
                             "--set", "prune.word_bits=20"],
                "spatten": ["run", "spatten", "-w", f"{path}/t.safetensors", "--json"],
                "dense": ["run", "dense", "-w", f"{path}/t.safetensors", "--json"],
                "inspect": ["inspect", f"{path}/t.safetensors"],
                "compare": ["compare", "hdp_edge", "spatten", "-w", f"{path}/t.safetensors"],
                "mistake": ["run", "hdp_edge", "-w", TRACE, "--set", "prune.rho=1,5"],
                "prune": ["prune", f"{path}/t.safetensors", "--cases", f"{path}/cases.json",
                          "--out", f"{path}/o.json"]}.items():
            if command[0] in ("run", "compare", "prune"):
                command = [*command, "-j", threads]
            run = subprocess.run([program, *command], cwd=cwd, check=False, capture_output=True,
                                 stdin=subprocess.DEVNULL, env=os.environ | environment)
            made[name] = (run.returncode, run.stdout, run.stderr)
        made["decisions"] = (self.folder / "o.json").read_bytes()
        self.assertEqual(made["mistake"][0], 2)
        self.assertEqual({made[name][0] for name in made if name not in ("mistake", "decisions")},
                         {0}, made)
        return made

    def same(self, right, other, what):
        for name, result in other.items():
            self.assertEqual(result, right[name], f"{name} with {what}")

    def test_whatever_the_environment(self):
        right = self.results()
        for name in [*dict.fromkeys(locales())][:2 if QUICK else None]:
            self.same(right, self.results(LC_ALL=name, LANG=name), name)
        self.same(right, self.results(HOME="/nonexistent", TZ="Asia/Kathmandu", COLUMNS="20",
                                      TERM="dumb", XDG_CONFIG_HOME="/nonexistent"), "no home")
        self.same(right, self.results(cwd="/"), "another folder")
        for threads in ("3",) if QUICK else ("1", "3", "16"):
            self.same(right, self.results(threads=threads), f"{threads} threads")

    def wide_instructions(self, program):
        """How often the program's own code names the registers of AVX."""
        listing = subprocess.run(["objdump", "-d", "--no-show-raw-insn", program], check=True,
                                 stdout=subprocess.PIPE).stdout
        return listing.count(b"%ymm")

    @unittest.skipUnless(BASE, "built with shared libraries")
    def test_with_and_without_avx2(self):
        if not machine_has_avx2():
            self.skipTest("this machine has no AVX2")
        if shutil.which("objdump"):
            self.assertGreater(self.wide_instructions(HDPSIM), 0, "they are really there")
            self.assertEqual(self.wide_instructions(BASE), 0, "and really not")
        self.same(self.results(), self.results(program=BASE), "the base's instructions")


if __name__ == "__main__":
    unittest.main()
