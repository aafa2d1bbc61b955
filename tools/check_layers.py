#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that the arrows between the parts of hdpsim point down, and a few habits of its files.

usage: check_layers.py [ROOT]     exit code 0: all is well; 1: one line per finding
"""
import os
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
ALLOWED["study"] = ALLOWED["report"] | {"report"}
ALLOWED["tools"] = set(ALLOWED)

# Files of machine/ that know every accelerator folder; no other file in it may include one.
KNOWS_ACCELERATORS = {"sim/machine/kinds.cpp"}
# Folders of machine/ that are no accelerator: all of them may include these.
SHARED_BY_ACCELERATORS = {"layer"}

# A library's headers, and the parts that may include them.
LIBRARIES = {
    "nlohmann": {"config", "workload"},
    "boost": {"study"},
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
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
SPDX = re.compile(r"(?://|#) SPDX-License-Identifier: Apache-2\.0")
MOST_LINES = 600
COMMENTED = {".cpp", ".hpp", ".py", ".cmake", ".txt", ""}
ROOTS = ("include", "src", "sim", "tools")
INCLUDE_ROOTS = ("include", "src", "sim")


def files_of(root):
    for folder in ROOTS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def place_of(path):
    """A file's part and its folder inside it, each or None where there is none:
    ("sim", "machine", "spatten", "play.cpp") -> ("machine", "spatten")."""
    if path.parts[0] == "tools":
        return "tools", None
    if path.parts[0] not in ROOTS:
        return None, None
    folders = path.parts[2 if path.parts[:2] == ("include", "hdp") else 1:-1]
    return folders[0] if folders else None, folders[1] if len(folders) > 1 else None


def resolve(root, path, quoted, include):
    """The file that an include names, from the root, as a compiler finds it: a quoted one beside
    the including file first. None for one that is not of the house."""
    for folder in ([path.parent] if quoted else []) + list(INCLUDE_ROOTS):
        if (root / folder / include).is_file():
            return pathlib.PurePath(os.path.normpath(folder / pathlib.PurePath(include)))
    return pathlib.PurePath("include", include) if include.startswith("hdp/") else None


def findings_of_include(path, target, include):
    """An arrow that points up, or from one accelerator of machine/ to another."""
    (part, folder), (target_part, target_folder) = place_of(path), place_of(target)
    if target_part not in ALLOWED:
        yield f"{include} belongs to no part of the house"
    elif target_part != part:
        if target_part not in ALLOWED[part]:
            yield f"{part} must not include {target_part} ({include})"
    elif part == "machine" and target_folder not in {None, folder, *SHARED_BY_ACCELERATORS}:
        if path.as_posix() not in KNOWS_ACCELERATORS:
            yield (f"{'/'.join(filter(None, (part, folder)))} must not include "
                   f"machine/{target_folder} ({include})")


def findings_of_code(root, path, text):
    part = place_of(path)[0]
    if part not in ALLOWED:
        yield f"{path}: '{part}' is no part of the house; known: {', '.join(ALLOWED)}"
        return
    for match in INCLUDE.finditer(text):
        quoted, include = match.group(1) == '"', match.group(2)
        where = f"{path}:{text.count(chr(10), 0, match.start(2)) + 1}"
        target = resolve(root, path, quoted, include)
        if target is not None:
            for finding in findings_of_include(path, target, include):
                yield f"{where}: {finding}"
        elif quoted:
            yield f"{where}: \"{include}\" names no file beside it or in {', '.join(INCLUDE_ROOTS)}"
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
            yield from findings_of_code(root, path, text)
    if seen == 0:
        yield f"{root}: no source files in {', '.join(ROOTS)}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1])
    found = list(findings(root))
    print("\n".join(found) if found else "layers: every arrow points down")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
