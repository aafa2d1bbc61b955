#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that the arrows between the parts of hdpsim point down, and a few habits of its files.

usage: check_layers.py [ROOT]     exit code 0: all is well; 1: one line per finding
"""
import pathlib
import re
import sys

# What a part may include, itself aside.
BASE = {"base"}
CONFIG = BASE | {"config"}
NUMERIC = CONFIG | {"numeric"}
WORKLOAD = NUMERIC | {"workload"}
PRUNE = WORKLOAD | {"prune"}
ALLOWED = {
    "base": set(),
    "config": BASE,
    "numeric": CONFIG,
    "workload": NUMERIC,
    "prune": WORKLOAD,
    "kernel": BASE,
    "memory": CONFIG | {"kernel"},
    "units": PRUNE - {"workload"} | {"kernel"},
    "machine": PRUNE | {"kernel", "memory", "units"},
    "report": PRUNE | {"kernel", "memory", "units", "machine"},
}
ALLOWED["tools"] = set(ALLOWED)

# A library's headers, and the parts that may include them.
LIBRARIES = {
    "nlohmann": {"config", "workload", "report"},
    "CLI": {"tools"},
    "spdlog": {"tools"},
}

# The one file that may include Eigen: all others see its maps over plain memory only.
EIGEN_DOOR = pathlib.PurePath("include/hdp/numeric/matrix.hpp")

# What a library must not do: print, end the process, read the environment.
FORBIDDEN = re.compile(
    r"\bstd::(?:cout|cerr|clog)\b|\bfmt::print\b"
    r"|(?<![\w.>])(?:std::)?(?:f?printf|f?puts|putchar|exit|_Exit|quick_exit|abort|terminate|getenv)"
    r"\s*\(")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
SPDX = re.compile(r"(?://|#) SPDX-License-Identifier: Apache-2\.0")
MOST_LINES = 600
COMMENTED = {".cpp", ".hpp", ".py", ".cmake", ".txt", ""}
ROOTS = ("include", "src", "sim", "tools")


def files_of(root):
    for folder in ROOTS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def part_of(path):
    """The part that a file belongs to, or None: ("src", "prune", "plan.cpp") -> "prune"."""
    if path.parts[0] == "tools":
        return "tools"
    at = 2 if path.parts[:2] == ("include", "hdp") else 1
    return path.parts[at] if len(path.parts) > at + 1 else None


def target_of(include):
    """The part that an include names, or None for another library: "hdp/prune/plan.hpp"."""
    parts = include.removeprefix("hdp/").split("/")
    return parts[0] if len(parts) > 1 and parts[0] in ALLOWED else None


def findings_of_code(path, text):
    part = part_of(path)
    if part not in ALLOWED:
        yield f"{path}: '{part}' is no part of the house; known: {', '.join(ALLOWED)}"
        return
    for match in INCLUDE.finditer(text):
        include = match.group(1)
        where = f"{path}:{text.count(chr(10), 0, match.start(1)) + 1}"
        target = target_of(include)
        if include.startswith("hdp/") and target is None:
            yield f"{where}: {include} belongs to no part of the house"
        elif target is not None and target != part and target not in ALLOWED[part]:
            yield f"{where}: {part} must not include {target} ({include})"
        owners = LIBRARIES.get(include.split("/")[0])
        if owners is not None and part not in owners:
            yield f"{where}: {part} must not include {include}; only {', '.join(sorted(owners))}"
        if "Eigen" in include.split("/") and path != EIGEN_DOOR:
            yield f"{where}: {include} comes in through {EIGEN_DOOR} only"
    if part != "tools":
        code = COMMENT_OR_TEXT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
        for match in FORBIDDEN.finditer(code):
            line = code.count("\n", 0, match.start()) + 1
            yield f"{path}:{line}: a library must not use {match.group().strip(' (')}"


def findings(root):
    seen = 0
    for file in files_of(root):
        path = file.relative_to(root)
        if path.suffix not in COMMENTED:
            continue
        seen += 1
        text = file.read_text(encoding="utf-8")
        lines = text.splitlines()
        head = lines[1:2] if lines and lines[0].startswith("#!") else lines[:1]
        if not head or not SPDX.fullmatch(head[0]):
            yield f"{path}:1: the first line is not the SPDX line"
        if len(lines) > MOST_LINES:
            yield f"{path}: {len(lines)} lines; at most {MOST_LINES}"
        if path.suffix in {".cpp", ".hpp"}:
            yield from findings_of_code(path, text)
    if seen == 0:
        yield f"{root}: no source files in {', '.join(ROOTS)}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1])
    found = list(findings(root))
    print("\n".join(found) if found else "layers: every arrow points down")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
