# SPDX-License-Identifier: Apache-2.0
"""Points of machines: a marker and a colour each, full for the first machines and open for the next."""
from matplotlib.lines import Line2D

from plot.style import COLOURS, FAINT, INK, MARKERS, PAPER

MOST = 2 * len(MARKERS)  # with marks of their own
MANY = 200  # points of a machine, more than which are drawn smaller


def marks_of(machines):
    """What scatter() needs for each machine, in the order of the page; those beyond MOST are alike."""
    marks = {}
    for place, machine in enumerate(machines):
        at = place % len(MARKERS)
        colour = COLOURS[at]
        marks[machine] = {"marker": MARKERS[at], "facecolor": colour, "edgecolor": INK}
        if place >= len(MARKERS):
            marks[machine] |= {"facecolor": PAPER, "edgecolor": colour}
        if place >= MOST:
            marks[machine] = {"marker": "x", "color": FAINT}
    return marks


def handles_of(marks):
    """The legend of several machines."""
    if len(marks) < 2:
        return []
    handles = []
    for machine, mark in list(marks.items())[:MOST]:
        handles.append(Line2D([], [], linestyle="", marker=mark["marker"], markersize=4, label=machine,
                              markerfacecolor=mark["facecolor"], markeredgecolor=mark["edgecolor"],
                              markeredgewidth=0.5))
    if len(marks) > MOST:
        handles.append(Line2D([], [], linestyle="", marker="x", markersize=4, color=FAINT,
                              label=f"{len(marks) - MOST} others"))
    return handles


def scatter(axes, marks, values, size, alpha=1, **more):
    """Draws (machine, x, y), a collection a machine; those of fewest points are on top."""
    places = {machine: [(x, y) for name, x, y in values if name == machine] for machine in marks}
    for machine in sorted(marks, key=lambda machine: -len(places[machine])):
        many = len(places[machine]) > MANY
        if places[machine]:
            axes.scatter(*zip(*places[machine]), s=size / 3 if many else size, linewidth=0.2 if many else 0.5,
                         alpha=min(alpha, 0.5) if many else alpha, **marks[machine], **more)
