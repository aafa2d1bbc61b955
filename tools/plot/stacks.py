# SPDX-License-Identifier: Apache-2.0
"""Stacked bars, a run each: where its cycles, its energy and its bytes went (assets/page/stacks.js)."""
from matplotlib.patches import Patch

from plot.layout import add_legend, new_figure, place, set_scale
from plot.mistake import NothingToDraw
from plot.rows import add_rows
from plot.style import COLOURS, FAINT, HATCHES, PAPER

MOST_BARS, MOST_SERIES = 12, 8
OTHERS = "others"
THICK = 9
#        parts, scale, title
KINDS = {"cycles": ("path", 1, "cycles"), "energy": ("energy", 1e-6, "energy [µJ]"),
         "bytes": ("bytes", 1, "DRAM bytes")}


def _runs(page, field, choice):
    points = [point for point in page.played() if point.parts[field]]
    front = page.front("time_ns", "relative_frobenius")
    if len(points) > MOST_BARS and choice.runs == "front" and front:
        points = [point for point in front if point.ok and point.parts[field]]
    if len(points) > MOST_BARS:
        choice.say(f"{field if field != 'path' else 'cycles'} are those of the first {MOST_BARS} of {len(points)} runs")
    return points[:MOST_BARS]


def series_of(bars):
    """Series in one order for all bars: those with most first, what is left over as "others"."""
    sums = {}
    for parts in bars:
        for name, value in parts:
            sums[name] = sums.get(name, 0) + value
    names = sorted(sums, key=lambda name: -sums[name])
    return names if len(names) <= MOST_SERIES else [*names[:MOST_SERIES - 1], OTHERS]


def values_of(bars, series, name):
    """What each bar has of a series."""
    return [sum(value for part, value in parts if (part if part in series else OTHERS) == name) for parts in bars]


def draw(page, choice, kind):
    field, scale, title = KINDS[kind]
    points = _runs(page, field, choice)
    bars = [[(name, value * scale) for name, value in point.parts[field]] for point in points]
    most = max((sum(value for _, value in parts) for parts in bars), default=0)
    if not most:
        raise NothingToDraw("needs runs with a report, as run and sweep write them")
    figure, width = new_figure(choice.width)
    axes = figure.add_subplot()
    middles, height = add_rows(axes, [page.long_label(point) for point in points], THICK, width)
    set_scale(axes.xaxis, 0, most * 1.01, False, max(3, int(width / 48)))
    axes.set_xlabel(title)
    series, handles = series_of(bars), []
    starts = [0] * len(bars)
    for place_of, name in enumerate(series):
        values = values_of(bars, series, name)
        look = {"facecolor": FAINT if name in (OTHERS, "idle") else COLOURS[place_of], "hatch": HATCHES[place_of],
                "edgecolor": PAPER, "linewidth": 0.25}
        if any(values):
            axes.barh(middles, values, left=starts, height=THICK, label=name, **look)
            handles.append(Patch(label=name, **look))
        starts = [start + value for start, value in zip(starts, values)]
    place(figure, [[(axes, height)]], add_legend(figure, handles, width))
    return figure
