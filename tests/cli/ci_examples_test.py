# SPDX-License-Identifier: Apache-2.0
"""The jobs of examples/ci, and the file of docs/check.md: what a stranger copies works."""
import os
import pathlib
import re
import subprocess
import unittest

from support import HDPSIM, SOURCE, CliTest, hdpsim

try:
    import yaml
except ImportError:
    yaml = None

CI = SOURCE / "examples" / "ci"
NAMES = ("github-actions.yml", "gitlab-ci.yml")


def scripts_of(name):
    """The shell scripts of a job, in their order; without a reader of YAML the whole text."""
    text = (CI / name).read_text()
    if yaml is None:
        return [text]
    file = yaml.safe_load(text)
    if name.startswith("github"):
        return [step["run"] for step in file["jobs"]["check"]["steps"] if "run" in step]
    return file["cycles"]["before_script"] + file["cycles"]["script"]


def packages_of(text):
    """What a list of words after --no-install-recommends, or the list of tools/setup, names."""
    return set(re.findall(r"[a-z][a-z0-9+.-]*[a-z0-9+]", text))


class CiExamplesTest(CliTest):
    def shell(self, script):
        """Exit code, and both outputs as a reader sees them."""
        path = f"{pathlib.Path(HDPSIM).parent}:{os.environ['PATH']}"
        run = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.folder,
                             env={**os.environ, "PATH": path}, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
        return run.returncode, run.stdout.decode()

    def test_the_file_on_the_page_is_as_expected(self):
        page = (SOURCE / "docs" / "check.md").read_text()
        gate = self.file("gate.json", re.search(r"^```json\n(.*?)^```", page,
                                                re.MULTILINE | re.DOTALL).group(1))
        run = hdpsim("check", gate)
        self.assertEqual((run.returncode, run.stdout), (0, b""))

    def test_the_files_are_yaml(self):
        self.assertEqual(sorted(path.name for path in CI.iterdir()), sorted(NAMES))
        for name in NAMES:
            text = (CI / name).read_text()
            self.assertNotIn("\t", text)
            self.assertGreater(len("\n".join(scripts_of(name))), 300)

    def test_packages_are_those_that_a_build_needs(self):
        setup = (SOURCE / "tools" / "setup").read_text()
        needed = packages_of(re.search(r"^build=\((.*?)\)", setup, re.DOTALL | re.MULTILINE).group(1))
        self.assertIn("libfmt-dev", needed)
        for name in NAMES:
            script = "\n".join(scripts_of(name))
            self.assertLessEqual(needed, packages_of(script.split("--no-install-recommends")[1]))

    def test_the_check_of_each_runs(self):
        (self.folder / "cycles").mkdir()
        self.file("cycles/small.json", '{"model": "bert_tiny", "n": 16, "layers": 1}')
        added = hdpsim("check", "--add", "one", "cycles/gate.json", "hdp_edge", "-w",
                       "cycles/small.json", cwd=self.folder)
        self.assertEqual(added.returncode, 0, added.stderr)
        for name in NAMES:
            found = re.findall(r"hdpsim check .*", "\n".join(scripts_of(name)))
            self.assertEqual(len(found), 1)
            code, said = self.shell(found[0])
            self.assertEqual(code, 0, said)
            self.assertTrue((self.folder / "check.xml").is_file())
            (self.folder / "check.xml").unlink()


if __name__ == "__main__":
    unittest.main()
