# SPDX-License-Identifier: Apache-2.0
"""Speedup and energy ratio over the baseline, a pair of bars each (assets/page/ratios.js)."""
from matplotlib.patches import Patch

from plot.layout import add_legend, new_figure, place, set_scale
from plot.mistake import NothingToDraw
from plot.rows import add_rows
from plot.style import COLOURS, INK, PAPER, SMALL

MOST_ROWS = 16
KINDS = (("speedup", "speedup", COLOURS[0], ""), ("energy_ratio", "energy ratio", COLOURS[1], "/////"))
THICK = 8


def draw(page, choice):
    points = [point for point in page.played() if page.figure(point, "speedup") is not None]
    if not points:
        raise NothingToDraw("needs runs with a baseline")
    if len(points) > MOST_ROWS:
        raise NothingToDraw(f"{len(points)} runs have a baseline, at most {MOST_ROWS} are drawn")
    figure, width = new_figure(choice.width)
    axes = figure.add_subplot()
    labels = [f"{page.label(point)} over {point.baseline or 'nothing'}" for point in points]
    middles, height = add_rows(axes, labels, 2 * THICK, width)
    most = max([1, *(page.figure(point, metric) or 0 for point in points for metric, *_ in KINDS)])
    set_scale(axes.xaxis, 0, most * (1 + 40 / width), False, max(3, int(width / 48)))
    room = 40 / width * most
    axes.set_xlabel("times the baseline (more is better)")
    handles = []
    for place_of, (metric, kind, colour, hatch) in enumerate(KINDS):
        rows = [(y + (place_of - 0.5) * THICK, page.figure(point, metric)) for y, point in zip(middles, points)]
        rows = [(y, value) for y, value in rows if value is not None]
        look = {"facecolor": colour, "hatch": hatch, "edgecolor": PAPER, "linewidth": 0.4, "label": kind}
        if rows:
            axes.barh([y for y, _ in rows], [value for _, value in rows], height=THICK, **look)
            handles.append(Patch(**look))
        for y, value in rows:
            beside = 1 if 1 - room < value < 1 else value  # not on the line of the baseline
            axes.annotate(f"{value:.2f}", (beside, y), (2, 0), textcoords="offset points", va="center_baseline",
                          fontsize=SMALL, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.2})
    axes.axvline(1, color=INK, linewidth=0.8, dashes=(4, 3))
    place(figure, [[(axes, height)]], add_legend(figure, handles, width))
    return figure
