# SPDX-License-Identifier: Apache-2.0
"""The installed program runs from any folder and finds its own configurations by name."""
import filecmp
import os
import pathlib
import subprocess
import tempfile
import unittest

HDPSIM = pathlib.Path(os.environ["HDPSIM"])
SHARE = HDPSIM.parents[1] / "share" / "hdpsim"
CONFIGS = pathlib.Path(os.environ["HDP_SOURCE_DIR"]) / "configs"


class InstalledProgramTest(unittest.TestCase):
    def test_it_runs_from_any_folder_by_name(self):
        for folder in ("/", HDPSIM.parent):
            run = subprocess.run([HDPSIM, "run", "hdp_edge", "--workload", "minilm_sotu_n64"],
                                 cwd=folder, capture_output=True, text=True, check=False)
            self.assertEqual((run.returncode, run.stderr), (0, ""))
            self.assertTrue(run.stdout.startswith("hdp_edge on minilm_sotu_n64 "))

    def test_it_runs_through_a_link(self):
        link = HDPSIM.parents[1] / "link_to_hdpsim"
        link.unlink(missing_ok=True)
        link.symlink_to(HDPSIM)
        self.assertIn("hdp_edge", subprocess.check_output(
            [link, "run", "hdp_edge", "--workload", "minilm_sotu_n64"], text=True))

    def test_its_configurations_are_those_of_the_prefix(self):
        machine = SHARE / "machines" / "only_installed.json"
        machine.write_text('{"name": "only_installed"}')
        self.addCleanup(machine.unlink)
        self.assertIn("only_installed on", subprocess.check_output(
            [HDPSIM, "run", "only_installed", "--workload", "bert_tiny_n128"], text=True, cwd="/"))

    def test_it_plays_as_the_gate_of_the_project_says(self):
        run = subprocess.run([HDPSIM, "check", SHARE / "baselines" / "every_kind.json"], cwd="/",
                             capture_output=True, text=True, check=False)
        self.assertEqual((run.returncode, run.stdout), (0, ""), run.stderr)

    def test_its_page_is_that_of_the_prefix(self):
        style = SHARE / "page" / "page.css"
        before = style.read_text()
        self.addCleanup(style.write_text, before)
        style.write_text(before + "/* only installed */")
        with tempfile.TemporaryDirectory() as folder:
            for command in (["run", "hdp_edge", "-w", "minilm_sotu_n64", "--out", "out"],
                            ["report", "out", "--html", "page.html"]):
                subprocess.run([HDPSIM, *command], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            self.assertIn("/* only installed */", (pathlib.Path(folder) / "page.html").read_text())

    def test_every_configuration_is_installed(self):
        files = [path.relative_to(CONFIGS) for path in CONFIGS.rglob("*") if path.is_file()]
        self.assertGreater(len(files), 10)
        for file in files:
            self.assertTrue(filecmp.cmp(CONFIGS / file, SHARE / file, shallow=False), file)


if __name__ == "__main__":
    unittest.main()
