# SPDX-License-Identifier: Apache-2.0
"""Multiply-adds a second over multiply-adds a byte, under the roofs of the machines (assets/page/roofline.js)."""
import dataclasses
import math

from plot.layout import add_legend, new_figure, place, set_scale
from plot.machines import handles_of, marks_of, scatter
from plot.mistake import NothingToDraw
from plot.style import INK, PAPER, SMALL
from plot.words import number

MOST_ROOFS = 8
NARROW = 1.001  # products of a multiplier a cycle, above which it makes several


@dataclasses.dataclass(frozen=True)
class Run:
    machine: str
    intensity: float  # multiply-adds a byte
    speed: float      # 10^9 multiply-adds a second
    roof: tuple       # 10^9 multiply-adds a second of all multipliers at once, 10^9 bytes a second
    products: float   # that a multiplier makes in a cycle: several, where they are narrow


def runs_of(page):
    runs = []
    for point in page.played():
        ops_per_byte, gop, multipliers, clock, bandwidth = (
            page.figure(point, metric) or 0
            for metric in ("ops_per_byte", "gop_per_s", "multipliers", "clock_mhz", "peak_bytes_per_s"))
        compute = multipliers * clock / 1000
        used = (page.figure(point, "mac_utilisation") or 0) / 100
        # An operation is half of a multiply-add.
        if min(ops_per_byte, gop, compute, bandwidth) > 0:
            products = gop / 2 / (used * compute) if used > 0 else 1
            runs.append(Run(point.machine, ops_per_byte / 2, gop / 2, (compute, bandwidth), products))
    return runs


def roofs_of(runs):
    """{roof: most products a cycle under it}; of many roofs the lowest and the highest."""
    roofs = {}
    for run in runs:
        roofs[run.roof] = max(roofs.get(run.roof, 1), run.products)
    ordered = sorted(roofs)
    if len(ordered) > MOST_ROOFS:
        extremes = [pick(ordered, key=lambda roof, at=at: roof[at]) for at in (0, 1) for pick in (min, max)]
        ordered = sorted(set(extremes))
    return {roof: roofs[roof] for roof in ordered}


def line_of(roof, products, low, high):
    """The roof from `low` to `high` multiply-adds a byte: sloped up to its knee, then flat."""
    compute, bandwidth = roof[0] * products, roof[1]
    return [(at, min(compute, bandwidth * at)) for at in (low, min(compute / bandwidth, high), high)]


def draw(page, choice):
    runs = runs_of(page)
    if not runs:
        raise NothingToDraw("needs runs that move bytes")
    roofs, all_roofs = roofs_of(runs), len({run.roof for run in runs})
    if len(roofs) < all_roofs:
        choice.say(f"roofline has the lowest and the highest of {all_roofs} roofs")
    knees = [compute / bandwidth for compute, bandwidth in roofs]
    at = [*(run.intensity for run in runs), *knees]
    low, high = min(at) / 2, max(at) * 2
    lines = [(line_of(roof, 1, low, high), "-") for roof in roofs]
    lines += [(line_of(roof, products, low, high), (0, (4, 2.5))) for roof, products in roofs.items()
              if products > NARROW]
    speeds = [*(run.speed for run in runs), *(speed for line, _ in lines for _, speed in line)]
    lowest, highest = min(speeds) / 1.3, max(speeds) * 1.6

    figure, width = new_figure(choice.width)
    axes = figure.add_subplot()
    height = min(230, 0.68 * width)
    set_scale(axes.xaxis, low, high, True, max(3, int(width / 42)))
    set_scale(axes.yaxis, lowest, highest, True, max(3, int(height / 24)))
    axes.set_xlabel("intensity [MACs/byte]")
    axes.set_ylabel("achieved [GMAC/s]")
    for line, dash in lines:
        axes.plot(*zip(*line), color=INK, linewidth=0.9, linestyle=dash, zorder=2)
    # A roof is named where no other one runs through its name.
    room = 11 / height * math.log(highest / lowest)
    ends = [line[-1][1] for line, _ in lines]
    for compute, bandwidth in roofs:
        if not any(1e-9 < math.log(end / compute) < room for end in ends):
            axes.annotate(f"{number(compute)} GMAC/s, {number(bandwidth)} GB/s", (high, compute), (0, 2),
                          textcoords="offset points", ha="right", va="bottom", fontsize=SMALL, zorder=3,
                          bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.3})
    marks = marks_of(dict.fromkeys(run.machine for run in runs))
    scatter(axes, marks, [(run.machine, run.intensity, run.speed) for run in runs], 16, alpha=0.85, zorder=4)
    place(figure, [[(axes, height)]], add_legend(figure, handles_of(marks), width))
    return figure
