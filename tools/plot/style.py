# SPDX-License-Identifier: Apache-2.0
"""How figures look in print: sizes in inches and points, colours that colour-blind people tell apart (the
page's: Okabe and Ito), and for each a marker, a hatch or a dash, so that grey is enough."""
import matplotlib

WIDTHS = {"column": 3.3, "page": 7.0}  # fit the columns and pages of ACM and IEEE
MOST_HEIGHT = 9  # inches that a page has
TEXT, SMALL, LINE = 7, 6.5, 8  # points; a line of small text
COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#7a5cc0", "#b5a642"]
INK, FAINT, ACCENT, GRID, PAPER = "#1b1f24", "#6b7480", "#a8326e", "#dde1e6", "#ffffff"
MARKERS = ["o", "s", "^", "D", "P", "v", ">", "<"]
HATCHES = ["", "/////", "....", "\\\\\\\\\\", "xxxxx", "-----", "|||||", "+++++"]

SETTINGS = {
    "pdf.fonttype": 42, "text.hinting": "none", "text.hinting_factor": 1, "text.parse_math": False, "text.usetex": False,
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": TEXT,
    "axes.labelsize": TEXT, "axes.titlesize": TEXT, "xtick.labelsize": SMALL, "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL, "legend.frameon": False, "legend.borderpad": 0.2, "legend.handletextpad": 0.5,
    "legend.columnspacing": 1.2, "legend.labelspacing": 0.35, "legend.handlelength": 1.6,
    "text.color": INK, "axes.labelcolor": INK, "xtick.labelcolor": INK, "ytick.labelcolor": INK,
    "axes.edgecolor": FAINT, "xtick.color": FAINT, "ytick.color": FAINT, "grid.color": GRID,
    "axes.linewidth": 0.6, "grid.linewidth": 0.4, "xtick.major.width": 0.6, "ytick.major.width": 0.6,
    "xtick.major.size": 2.5, "ytick.major.size": 2.5, "axes.labelpad": 2.5, "xtick.major.pad": 2,
    "ytick.major.pad": 2, "axes.axisbelow": True, "axes.spines.top": False, "axes.spines.right": False,
    "hatch.linewidth": 0.5, "figure.dpi": 72, "savefig.dpi": 72, "axes.titlepad": 3,
}


def use():
    """Makes these settings those of matplotlib, whatever the user's file of settings says."""
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(SETTINGS)
