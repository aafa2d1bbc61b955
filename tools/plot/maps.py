# SPDX-License-Identifier: Apache-2.0
"""What heads kept of their pairs of query and key, of the first run that counted it (assets/page/maps.js)."""
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

from plot.layout import add_legend, new_figure, place
from plot.mistake import NothingToDraw
from plot.style import INK, SMALL
from plot.words import tick_texts, wrapped

MOST_MAPS, SIDE = 12, 110  # points that a map takes from left to right, at least
NONE = "#e6e9ed"  # of what may be seen and was not kept


def shades(share):
    """From NONE to INK, for a share from 0 to 1."""
    ends = [[int(colour[at:at + 2], 16) for at in (1, 3, 5)] for colour in (NONE, INK)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(*ends))


def cells_of(head):
    """(query, query end, key, key end, share) of the cells that may be seen."""
    columns = -(-head["keys"] // head["cell_keys"])
    for at, (kept, allowed) in enumerate(zip(head["kept"], head["allowed"])):
        if allowed:
            query, key = at // columns * head["cell_queries"], at % columns * head["cell_keys"]
            yield (query, min(head["queries"], query + head["cell_queries"]),
                   key, min(head["keys"], key + head["cell_keys"]), kept / allowed)


def runs_of(head):
    """The same, with neighbours in a row that share a shade made one."""
    last = None
    for cell in cells_of(head):
        if last and cell[0] == last[0] and cell[2] == last[3] and cell[4] == last[4]:
            last = (*last[:3], cell[3], cell[4])
            continue
        if last:
            yield last
        last = cell
    if last:
        yield last


def title_of(head, several):
    sequence = f"sequence {head['sequence']}, " if several else ""
    share = sum(head["kept"]) / max(1, sum(head["allowed"]))
    return f"{sequence}layer {head['layer']}, head {head['head']}: {100 * share:.1f} %"


def _ticks(axis, extent, most):
    step = next(size for size in (digit * 10 ** power for power in range(12) for digit in (1, 2, 5))
                if size * most >= extent)
    ticks = list(range(0, extent, step))
    axis.set_ticks(ticks, tick_texts(ticks))


def draw(page, choice):
    points = [point for point in page.played() if point.maps]
    if not points:
        raise NothingToDraw("needs a run with --map LAYER:HEAD")
    if len(points) > 1:
        choice.say(f"maps are those of {page.long_label(points[0])}, the first of {len(points)} runs that have them")
    several = any(head["sequence"] for head in points[0].maps)
    heads = points[0].maps[:MOST_MAPS]
    if len(heads) < len(points[0].maps):
        choice.say(f"maps are the first {len(heads)} of {len(points[0].maps)}")
    figure, width = new_figure(choice.width)
    count = min(len(heads), int(width // SIDE))
    columns = [[] for _ in range(count)]
    side = width / count - 34
    for at, head in enumerate(heads):
        axes = figure.add_subplot(len(heads), 1, at + 1)
        height = min(1.6 * side, max(20, side * head["queries"] / head["keys"]))
        runs = list(runs_of(head))
        colours = [shades(run[4]) for run in runs]
        axes.add_collection(PolyCollection([[(k, q), (end_k, q), (end_k, end_q), (k, end_q)]
                                            for q, end_q, k, end_k, _ in runs],
                                           facecolors=colours, edgecolors=colours, linewidths=0.15))
        axes.set_xlim(0, head["keys"])
        axes.set_ylim(head["queries"], 0)
        _ticks(axes.xaxis, head["keys"], max(2, int(side / 26)))
        _ticks(axes.yaxis, head["queries"], max(2, int(height / 14)))
        axes.set_xlabel("key")
        axes.set_ylabel("query")
        axes.set_title(wrapped(title_of(head, several), side + 8, SMALL), loc="left", fontsize=SMALL)
        columns[at % count].append((axes, height))
    legend = [Patch(facecolor=shades(share), edgecolor=INK, linewidth=0.3, label=f"{100 * share:.0f} % kept")
              for share in (0, 0.5, 1)]
    place(figure, columns, add_legend(figure, legend, width))
    return figure
