# SPDX-License-Identifier: Apache-2.0
"""Rows of bars with their labels: beside the bars where labels are short, else above them."""
from plot.style import LINE, PAPER, SMALL
from plot.words import wrapped

GAP = 5  # points between rows


def add_rows(axes, labels, thick, width):
    """The middles of the bars of each row, `thick` points high, and the height of all; y is in points, downwards."""
    beside = [wrapped(label, 0.34 * width, SMALL) for label in labels]
    middles, at = [], GAP / 2
    if all(text.count("\n") < 2 for text in beside):
        for text in beside:
            high = max(thick, LINE * (text.count("\n") + 1))
            middles.append(at + high / 2)
            at += high + GAP
        axes.set_yticks(middles, beside)
    else:
        for label in labels:
            text = wrapped(label, width - 16, SMALL)
            at += LINE * (text.count("\n") + 1)
            axes.annotate(text, (0, at), (2, 1), axes.get_yaxis_transform(), "offset points", va="bottom", ha="left",
                          fontsize=SMALL, linespacing=1.0, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.3})
            middles.append(at + thick / 2)
            at += thick + GAP
        axes.set_yticks([])
    height = at - GAP / 2
    axes.set_ylim(height, 0)
    axes.tick_params(axis="y", length=0)
    return middles, height
