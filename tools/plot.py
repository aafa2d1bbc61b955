#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the figures of a page of results for a paper: vector PDF, a file a figure."""
import argparse
import pathlib
import signal
import subprocess
import sys
import tempfile

try:
    from plot import figures
except ModuleNotFoundError as missing:
    if missing.name not in ("matplotlib", "numpy"):
        raise
    print(f"plot.py: error: {sys.executable}: has no {missing.name}; allowed: a Python that has it (Debian: "
          "/usr/bin/python3 after apt-get install python3-matplotlib)", file=sys.stderr)
    sys.exit(2)
from plot.choice import COSTS, ERRORS, RUNS, Choice
from plot.mistake import Mistake, NothingToDraw, known
from plot.output import write_whole
from plot.page import read_page
from plot.style import MOST_HEIGHT, WIDTHS

SOURCES = "folders that hdpsim run, compare, ablate or sweep wrote with --out, or one page (.html)"
MOST_NAMES = 12  # on a line
NAMES = list(figures.FIGURES)
EPILOG = "figures:\n" + "".join(
    f"  {name:<12} {figure.shows:<45} needs {figure.needs}\n" for name, figure in figures.FIGURES.items()) + """\
A figure without its data is left out; stderr says which, and why.

examples:
  plot.py points -o figures                        every figure of a sweep, for a column
  plot.py page.html --width page --figure front --cost energy_pj
"""


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Mistake("arguments", message, "see plot.py --help")


def parser():
    result = Parser(prog="plot.py", description=__doc__, epilog=EPILOG, allow_abbrev=False,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument("sources", nargs="+", metavar="SOURCE", help=SOURCES)
    result.add_argument("-o", "--out", default="figures", metavar="FOLDER",
                        help="where front.pdf and so on are written (%(default)s)")
    result.add_argument("--width", default="column", metavar="column|page",
                        help="3.3 in, for one of two columns, or 7 in, for both (%(default)s)")
    result.add_argument("--figure", nargs="+", action="extend", metavar="NAME", help="these alone, by the names below")
    result.add_argument("--workload", metavar="NAME", help="points of different workloads are never compared: "
                        "which one (the first)")
    result.add_argument("--cost", metavar="|".join(COSTS), help="of front (the first one that is known)")
    result.add_argument("--error", metavar="|".join(ERRORS), help="of front (the first one that is known)")
    result.add_argument("--metric", metavar="NAME", help="of sensitivity: one of these or speedup, energy_ratio "
                        "(the first one that is known)")
    result.add_argument("--runs", default="first", metavar="|".join(RUNS), help="which 12 of more runs cycles, energy "
                        "and bytes show: the first, or those of the front of time and output error (%(default)s)")
    result.add_argument("--hdpsim", default="hdpsim", metavar="PROGRAM", help="makes the page of folders (%(default)s)")
    return result


def page_of(sources, program):
    """The page of a file, or of folders."""
    paths = [pathlib.Path(source) for source in sources]
    for path in paths:
        try:
            is_there = path.exists()
        except OSError as error:
            raise Mistake(path, error.strerror, SOURCES) from None
        if not is_there:
            raise Mistake(path, "no such file or folder", SOURCES)
        if len(paths) > 1 and not path.is_dir():
            raise Mistake(path, "is no folder", SOURCES)
    if not paths[0].is_dir():
        return read_page(paths[0])
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "page.html"
        try:
            run = subprocess.run([program, "report", "--html", file, "--", *paths], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        except OSError as error:
            raise Mistake(program, error.strerror, "--hdpsim PROGRAM, the program hdpsim") from None
        if run.returncode != 0:
            lines = run.stderr.decode("utf-8", "replace").strip().splitlines() or [f"ended with {run.returncode}"]
            raise Mistake.of_line(lines[-1].removeprefix("hdpsim: "))
        return read_page(file)


def say(text):
    print(f"plot.py: {text}", file=sys.stderr)


def draw_all(page, arguments):
    """{name of a file: its bytes}"""
    choice = Choice(WIDTHS[arguments.width], arguments.cost, arguments.error, arguments.metric, arguments.runs, say)
    files = {}
    for name in arguments.figure or NAMES:
        try:
            figure = figures.draw(name, page, choice)
        except NothingToDraw as reason:
            if arguments.figure:
                raise Mistake(f"--figure {name}", str(reason), "a figure that these results have") from None
            say(f"{name} is left out: {reason}")
            continue
        files[f"{name}.pdf"] = figures.pdf_of(figure)
        if figure.get_figheight() > MOST_HEIGHT:
            say(f"{name}.pdf is {figure.get_figheight():.1f} in high, more than a page has")
    if not files:
        raise Mistake(arguments.sources[0], "has nothing to draw", "results with a point that was played")
    return files


def run(arguments):
    known("--width", arguments.width, list(WIDTHS))
    known("--runs", arguments.runs, RUNS)
    for option, name, names in (("--cost", arguments.cost, COSTS), ("--error", arguments.error, ERRORS)):
        if name is not None:
            known(option, name, names)
    if not arguments.out:
        raise Mistake("--out", "is empty", "a folder")
    for name in arguments.figure or []:
        known("--figure", name, NAMES)
    page = page_of(arguments.sources, arguments.hdpsim)
    if arguments.workload is not None:
        page.choose(arguments.workload)
    elif len(page.workloads) > 1:
        others = page.workloads[1:MOST_NAMES + 1] + ["..."] * (len(page.workloads) > MOST_NAMES + 1)
        say(f"of {page.workload} alone; --workload NAME draws another: {', '.join(others)}")
    for path in write_whole(pathlib.Path(arguments.out), draw_all(page, arguments)):
        print(path, flush=True)


def main(arguments=None):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # which removes the page that is under way
    try:
        run(parser().parse_args(arguments))
    except Mistake as mistake:
        print(f"plot.py: error: {mistake}", file=sys.stderr)
        return 2
    except OSError as error:  # of stdout; the files are there
        sys.stdout = None
        if not isinstance(error, BrokenPipeError):
            print(f"plot.py: error: stdout: {error.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
