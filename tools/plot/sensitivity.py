# SPDX-License-Identifier: Apache-2.0
"""What each axis of a sweep does to a figure, over all values of the other axes (assets/page/sensitivity.js)."""
import dataclasses

from plot.choice import chosen
from plot.layout import is_log, new_figure, place, set_scale
from plot.mistake import NothingToDraw
from plot.page import last_of
from plot.style import COLOURS, INK, LINE, SMALL, TEXT
from plot.words import wrapped


@dataclasses.dataclass(frozen=True)
class Line:
    """An axis: its values, and the least, median and most of the figure at each."""
    name: str
    values: list  # (label, least, median, most)


def lines_of(page, metric):
    lines = []
    scale = page.metrics[metric]["scale"]
    for study, axis, spreads in page.axes():
        values = [(label, *(scale * value for value in spread[1:]))
                  for label, spread in zip(axis["labels"], spreads.get(metric, [])) if spread]
        name = " + ".join(axis["paths"])
        if len(values) > 1:
            lines.append(Line(f"{name} ({last_of(study)})" if len(page.studies) > 1 else name, values))
    return lines


def metrics_of(page):
    """The figures that are known over the values of an axis."""
    found = {metric for _, axis, spreads in page.axes() if len(axis["labels"]) > 1 for metric in spreads}
    return [metric for metric in page.metrics if metric in found]


def _draw_line(axes, line, scale, room):
    labels = [wrapped(label, 0.3 * room, SMALL) for label, *_ in line.values]
    each = 4 + LINE * max(label.count("\n") + 1 for label in labels)
    at = [each * (place_of + 0.5) for place_of in range(len(labels))]
    _, least, median, most = zip(*line.values)
    axes.barh(at, [b - a for a, b in zip(least, most)], left=least, height=4.5, color=COLOURS[5], alpha=0.5)
    axes.plot(median, at, color=COLOURS[0], linewidth=0.9, marker="o", markersize=3.5, markeredgecolor=INK,
              markeredgewidth=0.4)
    axes.set_yticks(at, labels)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(each * len(labels), 0)
    axes.set_title(wrapped(line.name, 0.62 * room, TEXT), loc="left", fontsize=TEXT)
    set_scale(axes.xaxis, *scale, max(3, int(0.7 * room / 34)))
    return each * len(labels)


def draw(page, choice):
    metrics = metrics_of(page)
    if not metrics:
        raise NothingToDraw("needs a sweep over an axis of 2 values")
    metric = chosen("--metric", choice.metric, metrics)
    lines = lines_of(page, metric)
    if not lines:
        raise NothingToDraw(f"{metric} is known at one value of each axis only")
    ends = [value for line in lines for _, least, _, most in line.values for value in (least, most)]
    log, least, most = is_log(ends), min(ends), max(ends)
    more = 0.03 * (most - least) or 0.05 * abs(most) or 1
    scale = (least / 1.1, most * 1.1, True) if log else (least - more, most + more, False)

    figure, width = new_figure(choice.width)
    count = 2 if width > 400 and len(lines) > 1 else 1
    columns = [[] for _ in range(count)]
    for line in lines:
        axes = figure.add_subplot(len(lines), 1, sum(map(len, columns)) + 1)
        height = _draw_line(axes, line, scale, width / count)
        shortest = min(columns, key=lambda column: sum(body + 2 * TEXT for _, body in column))
        shortest.append((axes, height))
    for column in columns:
        for axes, _ in column[:-1]:
            axes.tick_params(axis="x", labelbottom=False)
        column[-1][0].set_xlabel(page.title(metric))
    place(figure, columns)
    return figure
