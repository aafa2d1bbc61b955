# SPDX-License-Identifier: Apache-2.0
"""The figures by name, in the order of the panels of the page. A new one is a line of FIGURES."""
import dataclasses
import functools
import io
import warnings
from collections.abc import Callable

from plot import front, maps, parallel, ratios, roofline, sensitivity, stacks, style


@dataclasses.dataclass(frozen=True)
class Figure:
    draw: Callable  # of a page and a choice; raises NothingToDraw
    shows: str
    needs: str


FIGURES = {
    "front": Figure(front.draw, "cost against error, and the Pareto front", "2 points with an output error"),
    "ratios": Figure(ratios.draw, "speedup and energy ratio over the baseline", "1 to 16 runs with one"),
    "cycles": Figure(functools.partial(stacks.draw, kind="cycles"), "the critical path, by kind of unit",
                     "run or sweep"),
    "energy": Figure(functools.partial(stacks.draw, kind="energy"), "energy by unit", "run or sweep"),
    "bytes": Figure(functools.partial(stacks.draw, kind="bytes"), "DRAM bytes by tensor", "run or sweep"),
    "roofline": Figure(roofline.draw, "multiply-adds a second over those a byte", "runs that move bytes"),
    "sensitivity": Figure(sensitivity.draw, "least, median and most of a figure by axis", "sweep"),
    "parallel": Figure(parallel.draw, "axes and figures, a line a point", "2 points that differ in 3 of them"),
    "maps": Figure(maps.draw, "pairs of query and key that heads kept", "a run with --map"),
}


def draw(name, page, choice):
    style.use()
    # A character that the font has not is drawn as a box.
    warnings.filterwarnings("ignore", "Glyph .* missing")
    return FIGURES[name].draw(page, choice)


def pdf_of(figure):
    """The bytes of a PDF, the same for the same figure: without a date."""
    file = io.BytesIO()
    figure.savefig(file, format="pdf", metadata={"CreationDate": None, "Creator": "hdpsim tools/plot.py"})
    return file.getvalue()
