# SPDX-License-Identifier: Apache-2.0
"""The recipes of CONTRIBUTING.md are true: the accelerator's is followed with a toy, in a copy of
the tree, and gives a program that plays it; the paths of all fit an example that is there."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import unittest

SOURCE = pathlib.Path(os.environ["HDP_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["HDP_BUILD_DIR"])
COMPILER = shlex.split(os.environ["HDP_COMPILE"])
OBJECTS = os.environ["HDP_PROGRAM_OBJECTS"].split()
SCRATCH = pathlib.Path(os.environ["HDP_SCRATCH_DIR"])
TOY = SOURCE / "tests" / "consumer" / "toy_accelerator"
PROGRAM = SCRATCH / "bin" / "hdpsim"
TEXT = (SOURCE / "CONTRIBUTING.md").read_text()
COPIED = ("include", "src", "sim", "configs", "docs", "tools", "tests")

# Where the files of the toy stand outside the tree.
WRITTEN = {
    "include/hdp/machine/toy/config.hpp": TOY / "toy" / "config.hpp",
    "include/hdp/machine/toy/kind.hpp": TOY / "toy" / "kind.hpp",
    "sim/machine/toy/config.cpp": TOY / "toy" / "config.cpp",
    "sim/machine/toy/scaled.cpp": TOY / "toy" / "scaled.cpp",
    "sim/machine/toy/play.hpp": TOY / "toy" / "play.hpp",
    "sim/machine/toy/play.cpp": TOY / "toy" / "play.cpp",
    "sim/machine/toy/kind.cpp": TOY / "toy" / "kind.cpp",
    "configs/machines/toy.json": TOY / "configs" / "machines" / "toy.json",
    "docs/toy.md": TOY / "toy" / "README.md",
    "tests/machine/toy_machine_test.cpp": pathlib.Path(__file__).with_name("toy_machine_test.cpp"),
}
# What depends on where a file stands: outside the tree, and in it.
MOVES = {r'"toy/(config|kind)\.hpp"': r"<hdp/machine/toy/\1.hpp>",
         r'"toy/play\.hpp"': '"machine/toy/play.hpp"',
         r"\btoy::": "hdp::toy::",
         r"\bnamespace toy\b": "namespace hdp::toy"}
# What is edited: the line that goes in, behind a pattern.
EDITS = {
    "sim/machine/kinds.cpp": [
        (r"(?:#include <hdp/machine/\w+/kind\.hpp>\n)+", "#include <hdp/machine/toy/kind.hpp>\n"),
        (r"kinds\{[^}]*", ", &toy::toy_kind()")],
    "tests/machine/seam_test.cpp": [
        (r"return \{\s*(?=\{\"hdp_edge\")", '{"toy", small_trace(Stage::Prefill)}, '
                                         '{"toy", small_trace(Stage::Decode)}, '),
        (r"\{(?=\"hdp_edge\",\s+\"hdp_server\")", '"toy", ')],
}
# The tests that know every kind, every machine or every counter.
KNOW_ALL = ("cli/schema_test.py", "cli/machine_file_test.py", "cli/command_line_mistake_test.py",
            "architecture/kind_names_test.py")


def recipe(title, **names):
    """The lines (what, path, text) of the block under a title."""
    block = re.search(rf"^### {title}\n.*?^```\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL).group(1)
    for name, value in names.items():
        block = block.replace(name, value)
    return [(line.split(None, 2) + [""])[:3] for line in block.splitlines()]


def files(root):
    return {path.relative_to(root).as_posix(): path.read_bytes()
            for folder in COPIED for path in (root / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts}


def moved(path):
    text = WRITTEN[path].read_text()
    if path.startswith(("include/", "sim/")):
        for here, there in MOVES.items():
            text = re.sub(here, there, text)
    return text


def edited(path):
    text = (SOURCE / path).read_text()
    for pattern, line in EDITS[path]:
        at = re.search(pattern, text).end()
        text = text[:at] + line + text[at:]
    return text


class AcceleratorTest(unittest.TestCase):
    maxDiff = None

    def succeed(self, *command, **environment):
        run = subprocess.run(list(map(str, command)), capture_output=True, check=False,
                             env={**os.environ, **{k: str(v) for k, v in environment.items()}})
        self.assertEqual(run.returncode, 0, run.stderr.decode())
        return run.stdout

    def link(self, program, sources, *others):
        """With the library of this build behind what is compiled here."""
        flags = [f"-I{SCRATCH / folder}" for folder in ("include", "src", "sim", "tests")]
        flags.append(f'-DHDP_SOURCE_DIR="{SCRATCH}"')
        objects = [source.with_suffix(".o") for source in sources]
        for source, target in zip(sources, objects, strict=True):
            if not target.exists():
                self.succeed(*COMPILER, *flags, "-c", source, "-o", target)
        libraries = [BUILD / "sim" / "libhdp_study.a", BUILD / "sim" / "libhdp_sim.a",
                     BUILD / "src" / "libhdp_core.a", "-lspdlog", "-lfmt", "-lcrypto", "-ltbb",
                     "-pthread"]
        self.succeed(*COMPILER, *objects, *others, *libraries, "-o", program)

    def follow(self, lines):
        """The recipe, in the copy, top to bottom; returns the sources of the library in it."""
        sources = []
        for what, name, text in lines:
            path = SCRATCH / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if what == "new":
                self.assertFalse(path.exists(), name)
                path.write_text(moved(name))
            elif what == "edit":
                self.assertIn(name, EDITS)
                path.write_text(edited(name))
            else:
                if not PROGRAM.exists():
                    self.link(PROGRAM, sources, *OBJECTS)
                path.write_bytes(self.succeed(PROGRAM, *text.split()[1:]))
            if name.startswith("sim/") and name.endswith(".cpp"):
                sources.append(path)
        return sources

    def test_the_recipe_gives_a_program_that_plays_it(self):
        shutil.rmtree(SCRATCH, ignore_errors=True)
        for folder in COPIED:
            shutil.copytree(SOURCE / folder, SCRATCH / folder)
        PROGRAM.parent.mkdir()
        (SCRATCH / "share").mkdir()
        (SCRATCH / "share" / "hdpsim").symlink_to(SCRATCH / "configs")
        before = files(SCRATCH)
        lines = recipe("An accelerator", NAME="toy")
        sources = self.follow(lines)
        touched = {path for path, text in files(SCRATCH).items()
                   if before.get(path) != text and not path.endswith(".o")}
        self.assertEqual(sorted(touched), sorted(path for _, path, _ in lines))
        self.assertEqual(set(WRITTEN), {path for what, path, _ in lines if what == "new"})

        self.succeed(sys.executable, "-B", SCRATCH / "tools" / "check_layers.py", SCRATCH)
        tests = [SCRATCH / path for _, path, _ in lines if path.endswith("_test.cpp")]
        self.link(SCRATCH / "machine_test", sources + tests, "-lgtest", "-lgtest_main")
        self.succeed(SCRATCH / "machine_test")
        for name in KNOW_ALL:
            self.succeed(sys.executable, "-B", SCRATCH / "tests" / name, HDPSIM=PROGRAM,
                         HDP_SOURCE_DIR=SCRATCH)
        report = json.loads(self.succeed(PROGRAM, "run", "toy", "-w", "minilm_sotu_n64", "--json"))
        self.assertEqual((report["kind"], report["cycles"], report["baseline"]["cycles"]),
                         ("toy", 184320, 350208))


class ExampleTest(unittest.TestCase):
    def test_the_paths_of_every_recipe_fit_an_example(self):
        for title, names in {"A unit": {"NAME": "softmax_unit", "ACCELERATOR": "hdp"},
                             "A pruning rule": {"NAME": "token_cascade", "ACCELERATOR": "hdp"},
                             "An accelerator": {"NAME": "spatten"},
                             "A memory": {"NAME": "hbm2_2000"}}.items():
            lines = recipe(title, **names)
            self.assertGreaterEqual(len(lines), 4, title)
            for what, path, text in lines:
                self.assertIn(what, ("new", "edit", "made"), path)
                self.assertTrue((SOURCE / path).is_file(), f"{title}: {path}")
                self.assertEqual(what == "made", text.startswith("hdpsim "), path)

    def test_every_path_in_the_text_is_there(self):
        text = re.sub(r"^```.*?^```", "", TEXT, flags=re.MULTILINE | re.DOTALL)
        paths = re.findall(r"`([\w.]+/[\w./]*)`", text)
        self.assertGreater(len(paths), 10)
        for path in paths:
            self.assertTrue((SOURCE / path).exists(), path)


if __name__ == "__main__":
    unittest.main()
