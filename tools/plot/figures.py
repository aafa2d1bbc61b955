# SPDX-License-Identifier: Apache-2.0
"""The figures by name: draw(page, choice) makes one, or raises NothingToDraw. A new one is a line here."""
import functools
import io

from plot import front, parallel, ratios, roofline, sensitivity, stacks, style

FIGURES = {
    "front": front.draw,
    "ratios": ratios.draw,
    "cycles": functools.partial(stacks.draw, kind="cycles"),
    "energy": functools.partial(stacks.draw, kind="energy"),
    "bytes": functools.partial(stacks.draw, kind="bytes"),
    "roofline": roofline.draw,
    "sensitivity": sensitivity.draw,
    "parallel": parallel.draw,
}


def draw(name, page, choice):
    style.use()
    return FIGURES[name](page, choice)


def pdf_of(figure):
    """The bytes of a PDF, the same for the same figure: without a date."""
    file = io.BytesIO()
    figure.savefig(file, format="pdf", metadata={"CreationDate": None, "Creator": "hdpsim tools/plot.py"})
    return file.getvalue()
