# SPDX-License-Identifier: Apache-2.0
"""Data of a file of anybody, taken only in the shape that they must have.

A shape is a dict of shapes (a key that ends in ? may be missing, other keys are left out), a list of one
shape for all its elements, a tuple of one shape for each, or a function that returns what it takes.
"""
import unicodedata

MOST = 1e30  # no figure is as large, or as near to 0 as 1 / MOST, and drawing overflows nowhere


class Misshapen(Exception):
    """Says at which path what should be."""


def text(value):
    """A text that can be drawn: on one line, without control characters and halves of characters."""
    if not isinstance(value, str):
        raise Misshapen("a text")
    return "".join({"Cc": " ", "Zl": " ", "Zp": " ", "Cs": "\ufffd"}.get(unicodedata.category(c), c) for c in value)


def number(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -MOST <= value <= MOST:
        raise Misshapen(f"a number between -{MOST:g} and {MOST:g}")
    return value if abs(value) >= 1 / MOST else 0


def scale(value):
    if not 1e-12 <= number(value) <= 1e12:
        raise Misshapen("a number between 1e-12 and 1e12")
    return value


def amount(value):
    if number(value) < 0:
        raise Misshapen("a number from 0 up")
    return value


def count(value):
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        raise Misshapen("a whole number from 0 up")
    return value


def setting(value):
    """Any value of a setting."""
    if isinstance(value, str):
        return text(value)
    return number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def maybe(shape):
    """This or null."""
    return lambda value: None if value is None else taken(value, shape)


def taken(value, shape, path=""):
    """What of the value has the shape."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            raise Misshapen(f"{path or 'the data'}: is no object")
        result = {}
        for key, inner in shape.items():
            name = key.rstrip("?")
            if name in value:
                result[name] = taken(value[name], inner, f"{path}.{name}" if path else name)
            elif name == key:
                raise Misshapen(f"{path + '.' if path else ''}{name}: is missing")
        return result
    if isinstance(shape, (list, tuple)):
        if not isinstance(value, list) or isinstance(shape, tuple) and len(value) != len(shape):
            raise Misshapen(f"{path}: is no list{f' of {len(shape)}' if isinstance(shape, tuple) else ''}")
        shapes = shape if isinstance(shape, tuple) else shape * len(value)
        return [taken(one, inner, f"{path}[{at}]") for at, (one, inner) in enumerate(zip(value, shapes))]
    try:
        return shape(value)
    except Misshapen as wrong:
        words = str(wrong)
        raise Misshapen(f"{path}{words}" if words.startswith(("[", ":")) else f"{path}: is not {words}") from None
