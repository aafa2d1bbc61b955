# SPDX-License-Identifier: Apache-2.0
"""A mistake in the command line: code 2, one line, the nearest name."""
import json
import os
import subprocess
import unittest

from support import HDPSIM, TRACE, CliTest, kinds, names_in

RUN = ["run", "hdp_edge", "--workload", TRACE]

COMMANDS = ("run, compare, ablate, sweep, merge, calibrate, report, check, diff, prune, dram, top_k, "
            "inspect, workload, schema, list, explain")


class CommandLineMistakeTest(CliTest):
    def test_commands(self):
        self.refuse(f"rnu: no such command; allowed: {COMMANDS}; did you mean 'run'?", "rnu")
        self.refuse(f"a command is missing, see hdpsim --help; allowed: {COMMANDS}")

    def test_commands_of_a_command(self):
        self.refuse("shw: no such command of workload; allowed: generate, show; did you mean 'show'?",
                    "workload", "shw", "x.csv")
        self.refuse("a command of workload is missing, see hdpsim --help; allowed: generate, show",
                    "workload")
        self.refuse("--jsn: no such flag of workload show, see hdpsim --help; did you mean '--json'?",
                    "workload", "show", "x.csv", "--jsn")
        self.refuse("surplus: no such argument of workload show, see hdpsim --help",
                    "workload", "show", "x.csv", "surplus")
        self.refuse("FILE is required, see hdpsim --help", "workload", "show")

    def test_flags(self):
        self.refuse("--josn: no such flag of run, see hdpsim --help; did you mean '--json'?",
                    *RUN, "--josn")
        self.refuse("--bselin: no such flag of run, see hdpsim --help; "
                    "did you mean '--baseline'?", *RUN, "--bselin=none")
        self.refuse("-q: no such flag of run, see hdpsim --help", *RUN, "-q")
        self.refuse("surplus: no such argument of run, see hdpsim --help", *RUN, "surplus")
        self.refuse("--a\\nb: no such flag of run, see hdpsim --help", *RUN, "--a\nb")

    def test_what_is_missing(self):
        self.refuse("--workload is required, see hdpsim --help", "run", "hdp_edge")
        self.refuse("MACHINE is required, see hdpsim --help", "run", "--workload", TRACE)
        self.refuse("--workload: 1 required TEXT missing, see hdpsim --help",
                    "run", "hdp_edge", "--workload")
        self.refuse("--cases is required, see hdpsim --help", "prune", TRACE, "--out", "x.json")
        cases = self.file("cases.json", "[]")
        batch = self.file("batch.json", json.dumps({"batch": [str(TRACE), str(TRACE)]}))
        self.refuse("FOLDER/batch.json: is a batch; allowed: one trace",
                    "prune", batch, "--cases", cases, "--out", "x.json")

    def test_values(self):
        self.refuse("--fidelity: maybe not in {on,off,causes}, see hdpsim --help",
                    *RUN, "--fidelity", "maybe")
        self.refuse("--threads: Value 0 not in range 1 to 1024, see hdpsim --help", *RUN, "-j", 0)
        self.refuse(f"picture: no such schema; allowed: machine, {', '.join(kinds())}, memory, "
                    "energy, sweep, baseline, workload, spatten_workload", "schema", "picture")
        self.refuse("machine: no such list; allowed: machines, workloads, memories, energy, sweeps; "
                    "did you mean 'machines'?", "list", "machine")

    def test_names(self):
        machines = f"neither a name in machines nor a file; allowed: {names_in('machines')}"
        self.refuse(f"hdp_egde: {machines}; did you mean 'hdp_edge'?",
                    "run", "hdp_egde", "--workload", TRACE)
        self.refuse(f"hdp_serve: {machines}; did you mean 'hdp_server'?",
                    *RUN, "--baseline", "hdp_serve")
        self.refuse("minilm_soto_n64: neither a name in workloads nor a file; allowed: "
                    f"{names_in('workloads')}; did you mean 'minilm_sotu_n64'?",
                    "run", "hdp_edge", "--workload", "minilm_soto_n64")
        self.refuse("no/such.json: no such file", "run", "no/such.json", "--workload", TRACE)
        self.refuse("no/such.safetensors: no such file", "inspect", "no/such.safetensors")

    def test_settings(self):
        self.refuse("prune.rhoo: no such setting; did you mean 'prune.rho'?",
                    *RUN, "--set", "prune.rhoo=0.1")
        self.refuse("prune.rho: 1 is outside (-1, 1)", *RUN, "--set", "prune.rho=1")
        self.refuse('prune.rho: "much" is text, expected a number', *RUN, "--set", "prune.rho=much")
        self.refuse("prune.rho: sets nothing; allowed: path=value, path=@FILE",
                    *RUN, "--set", "prune.rho")
        self.refuse("prune.rho=@none.json: none.json: cannot open: No such file or directory",
                    *RUN, "--set", "prune.rho=@none.json")

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full here")
    def test_a_full_disk_behind_stdout(self):
        for arguments in (RUN, [*RUN, "--json", "--detail"], ["inspect", TRACE]):
            with open("/dev/full", "wb") as full:
                run = subprocess.run([HDPSIM, *arguments], stdout=full, stderr=subprocess.PIPE,
                                     check=False)
            self.assertEqual(run.returncode, 2)
            self.assertRegex(run.stderr.decode(), r"\Ahdpsim: [^\n]*No space left on device\n\Z")


if __name__ == "__main__":
    unittest.main()
