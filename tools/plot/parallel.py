# SPDX-License-Identifier: Apache-2.0
"""Axes and figures of all points at once: a point is a line from row to row (assets/page/parallel.js)."""
import dataclasses

from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from plot.layout import add_legend, new_figure, place
from plot.mistake import NothingToDraw
from plot.page import setting_text
from plot.style import ACCENT, COLOURS, FAINT, PAPER, SMALL, TEXT
from plot.words import number, width_of, wrapped

FIGURES = ["time_ns", "energy_pj", "bytes", "relative_frobenius", "mass_lost", "speedup"]
MOST_LINES = 500
PITCH, TOP, FOOT = 29, 12, 14  # points from row to row, above the first line and below the last


@dataclasses.dataclass(frozen=True)
class Row:
    title: str
    words: list   # from left to right: all words, or the least and the most of numbers
    places: list  # of the points, from 0 to 1; None where a point has none


def row_of(title, values):
    """A row of a value a point; None where all are alike."""
    known = list(dict.fromkeys(setting_text(value) for value in values if value is not None))
    if len(known) < 2:
        return None
    there = [value for value in values if value is not None]
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in there):
        least, most = min(there), max(there)
        return Row(title, [number(least), number(most)],
                   [None if value is None else (value - least) / (most - least) for value in values])
    return Row(title, known, [None if value is None else known.index(setting_text(value)) / (len(known) - 1)
                              for value in values])


def rows_of(page, points):
    rows = [row_of("machine", [point.machine for point in points])]
    for path, places in page.paths().items():
        if path != "machine":
            rows.append(row_of(path, [point.axes[places[point.study]] if point.study in places else None
                                      for point in points]))
    for metric in FIGURES:
        if metric in page.metrics:
            rows.append(row_of(page.title(metric), [page.figure(point, metric) for point in points]))
    return [row for row in rows if row]


def some_of(points):
    """Of many, some that lie evenly among them and in step with no axis."""
    return [point for at, point in enumerate(points) if at * 0.6180339887498949 % 1 < MOST_LINES / len(points)]


def _write(axes, row, y, width):
    """The title of a row above its line, and its words below, where they fit."""
    halo = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.4}

    def text(x, offset, words, align, va, size):
        axes.annotate(words, (x, y), (0, offset), textcoords="offset points", ha=align, va=va, fontsize=size,
                      zorder=5, bbox=halo)

    text(0, 3.5, wrapped(row.title, 0.95 * width, TEXT, 1), "left", "bottom", TEXT)
    inner, between = [], row.words[1:-1]
    room = width / len(row.words)
    if all(width_of(word, SMALL) < room - 6 for word in row.words):
        inner = between
    text(0, -3.5, wrapped(row.words[0], 0.42 * width, SMALL, 1), "left", "top", SMALL)
    for place_of, word in enumerate(inner):
        text((place_of + 1) / (len(inner) + 1), -3.5, word, "center", "top", SMALL)
    text(1, -3.5, wrapped(row.words[-1], 0.42 * width, SMALL, 1), "right", "top", SMALL)


def draw(page, choice):
    points = page.played()
    rows = rows_of(page, points)
    if len(points) < 2 or len(rows) < 3:
        raise NothingToDraw("needs 2 points that differ in 3 rows")
    front = {point.index for point in page.front("time_ns", "relative_frobenius")}
    drawn = some_of([point for point in points if point.index not in front])
    at = {point.index: place_of for place_of, point in enumerate(points)}

    def lines(some):
        there = ([(row.places[at[point.index]], place_of * PITCH) for place_of, row in enumerate(rows)]
                 for point in some)
        return [[(x, y) for x, y in line if x is not None] for line in there]

    figure, width = new_figure(choice.width)
    axes = figure.add_subplot()
    axes.axis("off")
    axes.hlines([place_of * PITCH for place_of in range(len(rows))], 0, 1, color=FAINT, linewidth=0.6, zorder=1)
    faint = max(0.15, min(0.7, 40 / max(1, len(drawn))))
    axes.add_collection(LineCollection(lines(drawn), colors=COLOURS[0], alpha=faint, linewidths=0.5, zorder=2,
                                       label="points"))
    axes.add_collection(LineCollection(lines([point for point in points if point.index in front]), colors=ACCENT,
                                       linewidths=1.1, zorder=3, label="front"))
    for place_of, row in enumerate(rows):
        _write(axes, row, place_of * PITCH, width)
    axes.set_xlim(-0.01, 1.01)
    height = (len(rows) - 1) * PITCH + TOP + FOOT
    axes.set_ylim(height - TOP, -TOP)
    handles = [Line2D([], [], color=COLOURS[0], linewidth=0.5, label="points"),
               Line2D([], [], color=ACCENT, linewidth=1.1, label="front of time and output error")]
    place(figure, [[(axes, height)]], add_legend(figure, handles if front and drawn else [], width))
    return figure
