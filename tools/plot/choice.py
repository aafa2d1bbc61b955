# SPDX-License-Identifier: Apache-2.0
"""What the menus of the page choose; nothing chosen is what the page shows first."""
import dataclasses
from collections.abc import Callable

from plot.mistake import known

COSTS = ["time_ns", "energy_pj", "bytes"]
ERRORS = ["relative_frobenius", "mass_lost"]
RUNS = ["first", "front"]


def _unheard(text):
    pass


@dataclasses.dataclass(frozen=True)
class Choice:
    width: float = 3.3  # inches
    cost: str | None = None
    error: str | None = None
    metric: str | None = None
    runs: str = "first"
    say: Callable = _unheard  # told what a figure leaves out


def chosen(option, name, names):
    """The name that is chosen, which must be one of these, or the first of them."""
    return names[0] if name is None else known(option, name, names)
