# SPDX-License-Identifier: Apache-2.0
"""Commands, reports and studies know no accelerator: neither by an identifier nor by a name in quotes."""
import os
import pathlib
import re
import unittest

SOURCE = pathlib.Path(os.environ["HDP_SOURCE_DIR"])
FOLDERS = ("tools/hdpsim", "sim/report", "sim/study", "include/hdp/report", "include/hdp/study")
# The commands `top_k` and `workload` are about one accelerator's engine and files.
EXEMPT = {"tools/hdpsim/top_k.cpp", "tools/hdpsim/workload.cpp", "sim/report/top_k_report.cpp",
          "sim/report/workload_report.cpp", "include/hdp/report/workload_report.hpp"}
SHARED = {"layer"}  # a folder beside the accelerators'
KINDS = sorted(path.name for path in (SOURCE / "sim/machine").iterdir()
               if path.is_dir() and path.name not in SHARED)
MACHINES = sorted(path.stem for path in (SOURCE / "configs/machines").glob("*.json"))

TEXT = re.compile(r'"((?:\\.|[^"\\\n])*)"')
INCLUDE = re.compile(r"^\s*#\s*include.*$", re.MULTILINE)
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
OUR_NAME = {"hdp"}  # also the name of the namespace


def camel(kind):
    return "".join(word.capitalize() for word in kind.split("_"))


IDENTIFIER = re.compile(
    "|".join([rf"\b\w*{camel(kind)}(?![a-z])\w*" for kind in KINDS] +
             [rf"\b(?:\w+_)?{kind}_\w+|\b\w+_{kind}\b" for kind in KINDS] +
             [rf"\b{kind}\b" for kind in KINDS if kind not in OUR_NAME]))
# A word of English, such as "dense", is a name only where it is the whole text.
NAMES_ANYWHERE = re.compile(r"\b(?:" + "|".join(
    name for name in {*KINDS, *MACHINES} if name not in OUR_NAME and
    ("_" in name or name in KINDS)) + r")\b", re.IGNORECASE)


def findings(path, text):
    text = INCLUDE.sub("", COMMENT.sub("", text))
    for match in TEXT.finditer(text):
        literal = match.group(1)
        if literal in {*KINDS, *MACHINES} or NAMES_ANYWHERE.search(literal):
            yield f'{path}: "{literal}"'
    for match in IDENTIFIER.finditer(TEXT.sub('""', text)):
        yield f"{path}: {match.group()}"


class KindNamesTest(unittest.TestCase):
    def test_nobody_above_the_seam_names_a_kind(self):
        files = [path for folder in FOLDERS for path in sorted((SOURCE / folder).rglob("*.[ch]pp"))]
        self.assertGreater(len(files), 30)
        found = []
        for file in files:
            path = str(file.relative_to(SOURCE))
            if path not in EXEMPT:
                found += findings(path, file.read_text())
        self.assertEqual(found, [])

    def test_planted_names_are_found(self):
        for text in ('if (kind == "hdp") {}', 'option("a name (hdp_edge, ...)")', '"dense"',
                     "HdpConfig config;", "resolve_hdp(catalog);", "spatten::Play play;",
                     'help("what SpAtten brings")', "const SpattenRow& row;"):
            self.assertEqual(len(list(findings("a.cpp", text))), 1, text)
        for text in ('"hdpsim run"', "hdp::Machine machine;", "HDP_CHECK(true);",
                     '"step by step from dense"', "// hdp_edge", "#include <hdp/machine/kind.hpp>"):
            self.assertEqual(list(findings("a.cpp", text)), [], text)

    def test_what_is_exempt_is_there(self):
        for path in EXEMPT:
            self.assertTrue((SOURCE / path).is_file(), path)


if __name__ == "__main__":
    unittest.main()
