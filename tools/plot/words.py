# SPDX-License-Identifier: Apache-2.0
"""Words of figures: numbers for reading, and texts broken into lines that fit."""
import functools
import math
import re

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SUFFIX = {0: "", 3: "k", 6: "M", 9: "G", 12: "T"}


@functools.lru_cache(maxsize=20000)
def width_of(text, size):
    """How wide a text is, in points."""
    return text_to_path.get_text_width_height_descent(text, FontProperties(size=size), ismath=False)[0]


def _pieces(word, room, size):
    """Parts of a word that fit: behind / . _ or -, else anywhere."""
    if width_of(word.rstrip(), size) <= room:
        return [word]
    parts = []
    for part in re.findall(r"[^/._=-]*[/._=-]|[^/._=-]+$", word):
        while width_of(part.rstrip(), size) > room and len(part) > 1:
            fits = next(n for n in range(min(len(part) - 1, 200), 0, -1) if n == 1 or width_of(part[:n], size) <= room)
            parts.append(part[:fits])
            part = part[fits:]
        parts.append(part)
    return parts


def wrapped(text, room, size, most=3):
    """A text in at most so many lines, none wider than `room` points; what does not fit is an ellipsis."""
    lines = [""]
    for word in re.findall(r"\S+\s?", text[:1000]):
        for piece in _pieces(word, room, size):
            if lines[-1] and width_of((lines[-1] + piece).rstrip(), size) > room:
                lines.append("")
            lines[-1] += piece
        if len(lines) > most:
            break
    lines = [line.rstrip() for line in lines]
    if len(lines) > most:
        last = lines[most - 1]
        while last and width_of(last + "…", size) > room:
            last = last[:-1]
        lines = [*lines[:most - 1], last + "…"]
    return "\n".join(lines)


def number(value):
    """A number for reading, as the page has it: four digits, or all of a whole one."""
    size = abs(value)
    if value == int(value):
        return f"{int(value):,}"
    if size < 1e-4 or size >= 1e9:
        return f"{value:.3e}"
    digits = 1 if size >= 1000 else 2 if size >= 100 else 3 if size >= 1 else 5
    return f"{value:,.{digits}f}".rstrip("0").rstrip(".")


def tick_texts(ticks):
    """Texts of the ticks of an axis, with as many digits as tell them apart: 0, 50k, 100k."""
    most = max((abs(tick) for tick in ticks), default=0)
    power = math.floor(math.log10(most)) if most else 0
    power = 0 if -4 <= power < 4 else 3 * (power // 3)
    steps = [b - a for a, b in zip(ticks, ticks[1:]) if b > a]
    step = min(steps) if steps else most or 1
    for digits in range(16):
        unit = 10.0 ** (power - digits)
        if abs(step / unit - round(step / unit)) < 1e-6 and round(step / unit):
            break
    tail = SUFFIX.get(power, f"×10{str(power).translate(SUPERSCRIPT)}")
    texts = [f"{tick / 10.0 ** power:.{digits}f}" for tick in ticks]
    return ["0" if float(text) == 0 else text.replace("-", "−") + tail for text in texts]
