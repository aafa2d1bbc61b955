# SPDX-License-Identifier: Apache-2.0
"""What the program says of itself."""
import re
import unittest

from support import SOURCE, CliTest

LOG = {"--log-level", "--log-file"}  # of every command
LAYER = {"--layer", "--hidden", "--ffn"}
FLAGS = {
    "run": {"--what-if", "--workload", "--set", "--baseline", "--out", "--json", "--detail", "--timeline", "--map",
            "--fidelity", "--threads", "--iteration", "--rows", "--point"} | LAYER,
    "compare": {"--workload", "--set", "--baseline", "--equal", "--out", "--json", "--threads",
                "--host", "--at"} | LAYER,
    "ablate": {"--workload", "--set", "--out", "--json", "--threads"} | LAYER,
    "sweep": {"--out", "--shard", "--fresh", "--threads"},
    "merge": set(),
    "calibrate": {"--workload", "--target", "--per-layer", "--set", "--out", "--json",
                  "--threads"},
    "report": {"--html"},
    "check": {"--add", "--workload", "--set", "--update", "--junit", "--github", "--threads"},
    "diff": {"--json", "--all"},
    "prune": {"--cases", "--out", "--threads"},
    "dram": {"--requests", "--pattern", "--limit", "--controller", "--map", "--feed", "--set",
             "--json"},
    "top_k": {"--n", "--k", "--parallelism", "--round-cycles", "--samples", "--seed", "--json"},
    "inspect": {"--json"},
    "workload": set(),
    "schema": set(),
    "list": set(),
    "explain": {"--page"},
}


class HelpTest(CliTest):
    def test_the_help_lists_every_command(self):
        text = self.succeed("--help")
        self.assertIn("Usage: hdpsim [OPTIONS] SUBCOMMAND\n", text)
        commands = re.findall(r"^  (\w+) ", text.split("Subcommands:")[1], re.MULTILINE)
        self.assertEqual(commands, list(FLAGS))

    def test_every_command_lists_every_flag(self):
        for command, flags in FLAGS.items():
            text = self.succeed(command, "--help")
            self.assertIn(f"Usage: hdpsim {command} [OPTIONS]", text)
            log = set() if command == "workload" else LOG
            self.assertEqual(set(re.findall(r"--[a-z-]+", text)), flags | log | {"--help"})

    def test_the_version_is_that_of_the_project(self):
        project = (SOURCE / "CMakeLists.txt").read_text()
        version = re.search(r"project\(hdpsim VERSION ([0-9.]+)", project).group(1)
        self.assertEqual(self.succeed("--version"), f"hdpsim {version}\n")


if __name__ == "__main__":
    unittest.main()
