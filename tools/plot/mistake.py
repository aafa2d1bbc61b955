# SPDX-License-Identifier: Apache-2.0
"""What a user did wrong, in one line, and the name that was probably meant."""
import difflib


def one_line(text):
    """Texts of files may hold anything."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split()).encode("utf-8", "replace").decode()


class Mistake(Exception):
    """`where` it is, `what` is wrong, and what is `allowed` there; the program ends with code 2."""

    def __init__(self, where, what, allowed):
        super().__init__(one_line(f"{where}: {what}; allowed: {allowed}"))

    @classmethod
    def of_line(cls, line):
        """What another program said."""
        mistake = cls("", "", "")
        mistake.args = (one_line(line),)
        return mistake


class NothingToDraw(Exception):
    """Why a figure is not there, as its panel is not on the page."""


def known(option, name, names):
    """The name, if it is one of these."""
    if name not in names:
        near = difflib.get_close_matches(name, names, 1)
        raise Mistake(f"{option} {name}", f"no such name{f', did you mean {near[0]}?' if near else ''}",
                      ", ".join(names))
    return name
