# SPDX-License-Identifier: Apache-2.0
"""Figures of a given width, as high as what is in them: every text lies inside."""
import math

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator

from plot.style import GRID, SMALL
from plot.words import tick_texts, wrapped

EDGE = 2  # points around all


def new_figure(width):
    """A figure of so many inches, and its width in points."""
    figure = Figure(figsize=(width, 1))
    FigureCanvasAgg(figure)  # measures texts; nothing is drawn with it
    return figure, width * 72


def is_log(values):
    """Steps over decades where figures span more than one, if all are above 0: the rule of the page."""
    least, most = min(values), max(values)
    return least > 0 and most > 20 * least


def span_of(values, log):
    """The ends of an axis: these values and a little more."""
    least, most = min(values), max(values)
    if log:
        more = (most / least) ** 0.05
        return least / more, most * more
    more = 0.05 * (most - least) or 0.05 * abs(most) or 1
    return least - more, most + more


def log_ticks(low, high, most):
    """Powers of ten and, where there is room, 2 and 5 of them."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for digits in ((1, 2, 5), (1, 3), (1,)):
        ticks = [digit * 10.0 ** power for power in range(first, last + 1) for digit in digits]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if 2 <= len(ticks) <= most:
            return ticks
    return ticks[::math.ceil(len(ticks) / most)] if len(ticks) > 1 else []


def set_scale(axis, low, high, log, most):
    """Ends, ticks (at most so many) and grid of the x or y axis of a plot."""
    axes, name = axis.axes, axis.axis_name
    ticks = log_ticks(low, high, most) if log else []
    if log:
        getattr(axes, f"set_{name}scale")("log")
    getattr(axes, f"set_{name}lim")(low, high)
    texts = [tick_texts([tick])[0] for tick in ticks]
    if not ticks:
        ticks = [float(tick) for tick in MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], min_n_ticks=2).tick_values(low, high)]
        ticks = [tick for tick in ticks if low <= tick <= high]
        texts = tick_texts(ticks)
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(FixedFormatter(texts))
    axis.set_minor_locator(FixedLocator([]))
    axis.grid(True, color=GRID)


def add_legend(figure, handles, width):
    """A legend below, in as many columns as fit; nothing for no handles."""
    if not handles:
        return None
    for handle in handles:
        label = wrapped(handle.get_label(), width - 40, SMALL)
        handle.set_label(f" {label}" if label.startswith("_") else label)  # matplotlib shows none with _
    for columns in range(min(len(handles), 8), 0, -1):
        by_rows = [handle for column in range(columns) for handle in handles[column::columns]]
        legend = figure.legend(handles=by_rows, loc="lower center", ncol=columns, borderaxespad=0,
                               bbox_to_anchor=(0.5, 0))
        if columns == 1 or legend.get_window_extent(figure.canvas.get_renderer()).width <= width - 2 * EDGE:
            return legend
        legend.remove()
    return None


def place(figure, columns, legend=None, gap=6):
    """Puts axes into columns, each a list of (axes, height in points), and gives the figure its height."""
    width = figure.get_figwidth() * 72
    room = width / len(columns)
    for _ in range(2):  # what hangs over moves when axes do
        renderer = figure.canvas.get_renderer()
        below = EDGE + (legend.get_window_extent(renderer).height + 2 if legend else 0)
        stacks, height = [], 0
        for column in columns:
            frames = [axes.get_window_extent(renderer) for axes, _ in column]
            boxes = [axes.get_tightbbox(renderer) for axes, _ in column]
            pairs = list(zip(frames, boxes))
            left = max(frame.x0 - box.x0 for frame, box in pairs)
            right = max(max(0, box.x1 - frame.x1) for frame, box in pairs)
            # From the top down: where each of the axes begins.
            at, tops = EDGE, []
            for (frame, box), (_, body) in zip(pairs, column):
                tops.append(at + box.y1 - frame.y1)
                at = tops[-1] + body + frame.y0 - box.y0 + gap
            stacks.append((left, right, tops))
            height = max(height, at - gap)
        height += below
        figure.set_size_inches(width / 72, height / 72)
        for place_of, (column, (left, right, tops)) in enumerate(zip(columns, stacks)):
            x0 = place_of * room + left + (EDGE if place_of == 0 else 2 * EDGE)
            inner = (place_of + 1) * room - right - EDGE - x0
            for (axes, body), top in zip(column, tops):
                axes.set_position([x0 / width, 1 - (top + body) / height, inner / width, body / height])
