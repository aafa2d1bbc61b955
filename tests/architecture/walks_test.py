# SPDX-License-Identifier: Apache-2.0
"""docs/architecture.md is true: its files hold the words that it names, and no call goes up."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_layers  # noqa: E402

PAGE = ROOT / "docs" / "architecture.md"
WALK = "Walk: "
MOST_TO_READ = 10
NUMBERED = re.compile(r"^(\d+)\. ")
STEP = re.compile(r"^\d+\. (?:(by|tick of|channel from) (\d+): )?`([^`]+)`: `(\w+)`")


def sections(page):
    """Numbered lines by heading."""
    found = {}
    lines = None
    for line in page.splitlines():
        if line.startswith("#"):
            lines = found.setdefault(line.lstrip("# "), [])
        elif NUMBERED.match(line):
            lines.append(line)
    return found


def part_of(file):
    return check_layers.place_of(pathlib.PurePath(file))[0]


def holds(file, word):
    return re.search(rf"\b{word}\b", (ROOT / file).read_text(encoding="utf-8")) is not None


def findings_of_step(number, match, files):
    """What is wrong with a step, `files` being those of the steps before it."""
    how, earlier, file, word = match.groups()
    if not (ROOT / file).is_file():
        yield f"no file {file}"
        return
    if not holds(file, word):
        yield f"no {word} in {file}"
    if number == 1:
        return
    if how is None or not 1 <= int(earlier) < number:
        yield "does not say which earlier step leads here"
        return
    caller = files[int(earlier) - 1]
    here, there = part_of(file), part_of(caller)
    if how == "channel from":
        for part in {here, there}:
            if "kernel" not in check_layers.ALLOWED[part]:
                yield f"{part} has no channels"
    elif how == "tick of" and here != there:
        yield f"{here} is not ticked by {there}"
    elif how == "by":
        if here != there and here not in check_layers.ALLOWED[there]:
            yield f"{there} must not call {here}"
        if not holds(caller, word):
            yield f"no {word} in {caller}, which calls it"


def findings_of_walk(lines):
    files = []
    for number, line in enumerate(lines, 1):
        match = STEP.match(line)
        if match is None or not line.startswith(f"{number}. "):
            yield f"{number}: not a step: {line}"
            return
        for finding in findings_of_step(number, match, files):
            yield f"{number}: {finding}"
        files.append(match.group(3))


class WalksTest(unittest.TestCase):
    def test_walks_of_the_page(self):
        walks = {name: lines for name, lines in sections(PAGE.read_text(encoding="utf-8")).items()
                 if name.startswith(WALK)}
        self.assertEqual(len(walks), 3)
        for name, lines in walks.items():
            with self.subTest(name):
                self.assertGreater(len(lines), 1)
                self.assertEqual(list(findings_of_walk(lines)), [])

    def test_reading_order(self):
        lines = sections(PAGE.read_text(encoding="utf-8"))["Reading order"]
        self.assertTrue(0 < len(lines) <= MOST_TO_READ)
        for line in lines:
            with self.subTest(line):
                self.assertTrue((ROOT / line.split("`")[1]).is_file())

    def test_what_is_planted_is_found(self):
        def second(line):
            return list(findings_of_walk(
                ["1. `sim/units/fetch_unit.cpp`: `ask` asks", f"2. {line}"]))

        self.assertEqual(second("by 1: `sim/units/none.cpp`: `ask` is gone"),
                         ["2: no file sim/units/none.cpp"])
        self.assertEqual(second("tick of 1: `sim/units/fetch_unit.cpp`: `tell_done` is there"), [])
        self.assertEqual(second("tick of 1: `sim/units/fetch_unit.cpp`: `nothing_of_it` is gone"),
                         ["2: no nothing_of_it in sim/units/fetch_unit.cpp"])
        self.assertEqual(second("by 1: `sim/machine/machine.cpp`: `start` goes up"),
                         ["2: units must not call machine",
                          "2: no start in sim/units/fetch_unit.cpp, which calls it"])
        self.assertEqual(second("tick of 1: `sim/memory/memory.cpp`: `report` is elsewhere"),
                         ["2: memory is not ticked by units"])
        self.assertEqual(second("channel from 1: `src/prune/hdp_plan.cpp`: `plan` knows no time"),
                         ["2: prune has no channels"])
        self.assertEqual(second("`sim/memory/memory.cpp`: `report` comes from nowhere"),
                         ["2: does not say which earlier step leads here"])
        self.assertEqual(second("in prose"), ["2: not a step: 2. in prose"])


if __name__ == "__main__":
    unittest.main()
