# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a figure of tools/plot.py as it stands, asked of matplotlib; and with the bytes of its PDF."""
import re

from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.patches import Rectangle
from matplotlib.text import Text

LEAST_SIZE = 6  # points


def texts_of(figure):
    """(text, box in points) of all that is written, hidden labels aside."""
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    hidden = {child for axes in figure.axes if not axes.axison for axis in (axes.xaxis, axes.yaxis)
              for child in axis.findobj(Text)}
    return [(text, text.get_window_extent(renderer)) for text in figure.findobj(Text)
            if text.get_visible() and text.get_text().strip() and text not in hidden]


def _is_drawn(axes):
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_width() and patch.get_height()]
    points = [one for one in axes.collections if isinstance(one, PathCollection) and len(one.get_offsets())]
    lines = [one for one in axes.collections if isinstance(one, LineCollection) and one.get_label() in ("points", "front")
             and any(len(segment) > 1 for segment in one.get_segments())]
    cells = [one for one in axes.collections if isinstance(one, PolyCollection) and len(one.get_paths())]
    return bool(bars or points or lines or cells)


def wrong_with(figure, width):
    """A line for everything."""
    wrong = []
    if abs(figure.get_figwidth() - width) > 1e-9:
        wrong.append(f"{figure.get_figwidth()} in wide")
    if not figure.axes:
        wrong.append("no axes")
    for axes in figure.axes:
        if not _is_drawn(axes):
            wrong.append(f"nothing is drawn in {axes.get_title(loc='left') or 'the axes'}")
        if axes.get_position().width * width < 1:
            wrong.append(f"axes of {axes.get_position().width * width:.2f} in")
    texts = texts_of(figure)
    frame = figure.bbox
    for text, box in texts:
        if text.get_fontsize() < LEAST_SIZE:
            wrong.append(f"{text.get_fontsize()} pt: {text.get_text()!r}")
        if box.x0 < 0 or box.y0 < 0 or box.x1 > frame.x1 or box.y1 > frame.y1:
            wrong.append(f"cut: {text.get_text()!r} at {box.extents} of {frame.size}")
    for place, (text, box) in enumerate(texts):
        for other, beside in texts[place + 1:]:
            wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
            high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
            if wide > 0.2 and high > 1:  # descenders may touch
                wrong.append(f"{text.get_text()!r} lies on {other.get_text()!r}")
    return wrong


def wrong_with_pdf(content, width):
    """The same of a file: its width, and what a printer does not want."""
    wrong = []
    box = re.search(rb"/MediaBox \[ ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) \]", content)
    if not content.startswith(b"%PDF-") or not box:
        return ["no PDF"]
    if [float(box[1]), float(box[2])] != [0, 0] or abs(float(box[3]) - 72 * width) > 0.01 or float(box[4]) < 30:
        wrong.append(f"MediaBox {box[0]}")
    if b"/Subtype /Image" in content:
        wrong.append("has pixels")
    if b"/FontFile2" not in content or b"/Type3" in content or re.search(rb"/Subtype /Type1\b", content):
        wrong.append("a font is not embedded as TrueType")
    if b"CreationDate" in content:
        wrong.append("has a date")
    return wrong
