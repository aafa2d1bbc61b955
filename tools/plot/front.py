# SPDX-License-Identifier: Apache-2.0
"""Cost against error: every point, and the front of those that no other beats (assets/page/front.js)."""
from matplotlib.lines import Line2D

from plot.choice import COSTS, ERRORS, chosen
from plot.layout import add_legend, is_log, new_figure, place, set_scale, span_of
from plot.machines import handles_of, marks_of, scatter
from plot.mistake import NothingToDraw
from plot.style import ACCENT


def _with_several(page, metrics):
    return [metric for metric in metrics
            if sum(page.figure(point, metric) is not None for point in page.played()) > 1]


def draw(page, choice):
    costs, errors = _with_several(page, COSTS), _with_several(page, ERRORS)
    if not costs or not errors:
        raise NothingToDraw("needs 2 points with an output error")
    cost, error = chosen("--cost", choice.cost, costs), chosen("--error", choice.error, errors)
    points = {point.index: (point.machine, page.figure(point, cost), page.figure(point, error))
              for point in page.played()}
    points = {index: value for index, value in points.items() if None not in value}
    front = {point.index for point in page.front(cost, error)}
    on = sorted((value for index, value in points.items() if index in front), key=lambda value: value[1:])
    others = [value for index, value in points.items() if index not in front]
    if not points:
        raise NothingToDraw("no point has both figures")

    figure, width = new_figure(choice.width)
    axes = figure.add_subplot()
    height = min(230, 0.68 * width)
    for axis, place_of, room in ((axes.xaxis, 1, width / 42), (axes.yaxis, 2, height / 24)):
        values = [value[place_of] for value in points.values()]
        log = is_log(values)
        set_scale(axis, *span_of(values, log), log, max(3, int(room)))
    axes.set_xlabel(page.title(cost))
    axes.set_ylabel(page.title(error))
    marks = marks_of(dict.fromkeys(machine for machine, _, _ in points.values()))
    scatter(axes, marks, others, 9, alpha=0.6, zorder=2)
    axes.plot([x for _, x, _ in on], [y for _, _, y in on], drawstyle="steps-post", color=ACCENT, linewidth=0.9,
              zorder=3, label="Pareto front")
    scatter(axes, marks, on, 24, zorder=4)
    line = Line2D([], [], color=ACCENT, linewidth=0.9, marker="o", markersize=5, markerfacecolor="none",
                  markeredgecolor=ACCENT, label="Pareto front")
    place(figure, [[(axes, height)]], add_legend(figure, [*handles_of(marks), line], width))
    return figure
