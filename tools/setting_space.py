# SPDX-License-Identifier: Apache-2.0
"""The settings of a kind as `hdpsim schema KIND` prints them, and small workloads to try them on."""
import array
import dataclasses
import json
import math
import random
import struct
import subprocess


@dataclasses.dataclass(frozen=True)
class Setting:
    """One single value of a machine's or memory's file."""
    path: str
    default: object
    words: tuple = ()  # of a choice; "auto" where a number may be left to the machine
    type: str = ""     # integer, number, boolean, string; "" for a choice of words
    low: float = -math.inf
    high: float = math.inf
    listed: bool = False  # may be a list of integers


def settings_of(program, kind):
    """In the order of the schema."""
    schema = json.loads(subprocess.run([program, "schema", kind], check=True,
                                       capture_output=True).stdout)
    return [*_leaves(schema, "")]


def _leaves(group, place):
    for name, entry in group["properties"].items():
        if name in ("$schema", "base", "kind") or "properties" in entry.get("items", {}):
            continue  # the file itself, and tables of rows: no single values
        parts = entry.get("anyOf", [entry])
        group = next((part for part in parts if "properties" in part), None)
        if group is not None and len(parts) > 1:  # null, its default, is off
            yield Setting(place + name, None, ("{}", "null"))
        if group is not None:
            yield from _leaves(group, f"{place}{name}.")
        else:
            yield _leaf(place + name, entry, parts)


def _leaf(path, entry, parts):
    words = tuple(word for part in parts
                  for word in part.get("enum", [part["const"]] if "const" in part else []))
    typed = next((part for part in parts if part.get("type") not in (None, "array")), {})
    return Setting(path, entry.get("default"), words, typed.get("type", ""),
                   typed.get("minimum", typed.get("exclusiveMinimum", -math.inf)),
                   typed.get("maximum", typed.get("exclusiveMaximum", math.inf)),
                   any(part.get("type") == "array" for part in parts))


def write_trace(path, seed, *, context=None, causal=True, layers=1, heads=1, kv_heads=1, queries=4,
                size=4):
    """A trace of normal values; with tokens of context a decode, each query seeing the last ones."""
    draw = random.Random(seed)
    keys = queries + (context or 0)
    metadata = {"stage": "prefill", "causal": json.dumps(causal)}
    if context is not None:
        metadata = {"stage": "decode", "n_ctx": str(context), "steps": str(queries)}
    header = {"__metadata__": metadata}
    data = b""
    for layer in range(layers):
        for tensor, rows, count in (("q", queries, heads), ("k", keys, kv_heads),
                                    ("v", keys, kv_heads)):
            values = array.array("f", (draw.gauss(0, 2) for _ in range(count * rows * size)))
            header[f"layers.{layer}.{tensor}"] = {
                "dtype": "F32", "shape": [count, rows, size],
                "data_offsets": [len(data), len(data) + 4 * len(values)]}
            data += values.tobytes()
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def write_rows(program, path, *changes):
    """Rows of the generation format; `changes` are of the generator's settings."""
    command = [program, "workload", "generate", "gpt2_small_per8", "--out", str(path)]
    for change in changes:
        command += ["--set", change]
    subprocess.run(command, check=True)
    return path
