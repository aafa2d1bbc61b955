# SPDX-License-Identifier: Apache-2.0
"""What the command-line tests share: running hdpsim, and making trace files, good and bad."""
import json
import os
import pathlib
import struct
import subprocess
import tempfile
import unittest

HDPSIM = os.environ["HDPSIM"]
SOURCE = pathlib.Path(os.environ["HDP_SOURCE_DIR"])
TRACE = "minilm_sotu_n64"


def names_in(folder):
    """The configurations of a folder, as messages list them."""
    files = (SOURCE / "configs" / folder).iterdir()
    return ", ".join(sorted(path.stem for path in files if path.suffix in
                            {".json", ".safetensors", ".csv"}))


def kinds():
    """The kinds of machines, in the order of their list; schema_test.py asks the program."""
    schema = json.loads((SOURCE / "configs" / "schemas" / "machine.json").read_text())
    return [kind["properties"]["kind"]["default"] for kind in schema["anyOf"]]


def hdpsim(*arguments, cwd=None):
    return subprocess.run([HDPSIM, *map(str, arguments)], cwd=cwd, capture_output=True, check=False,
                          stdin=subprocess.DEVNULL)


class CliTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def succeed(self, *arguments, cwd=None):
        """stdout of a run that must succeed and say nothing on stderr."""
        run = hdpsim(*arguments, cwd=cwd)
        self.assertEqual((run.returncode, run.stderr.decode()), (0, ""))
        return run.stdout.decode()

    def refuse(self, message, *arguments):
        """The run ends with code 2, exactly this line on stderr and nothing on stdout."""
        run = hdpsim(*arguments, cwd=self.folder)
        said = run.stderr.decode().replace(str(self.folder), "FOLDER")
        self.assertEqual((run.returncode, said, run.stdout), (2, f"hdpsim: {message}\n", b""))

    def left(self):
        """What lies in the folder of the test, without what the test put there itself."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))

    def report(self, *arguments):
        return json.loads(self.succeed("run", *arguments, "--json"))

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


def safetensors(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def trace(n=4, d=4, heads=1, **changes):
    """Header and data of a small trace of zeros; `changes` replaces entries of the header."""
    size = heads * n * d * 2
    header = {"__metadata__": {"stage": "prefill", "causal": "false"}}
    for i, kind in enumerate("qkv"):
        header[f"layers.0.{kind}"] = {"dtype": "F16", "shape": [heads, n, d],
                                      "data_offsets": [i * size, (i + 1) * size]}
    for kind, entry in changes.items():
        header[f"layers.0.{kind}"] |= entry
    return header, bytes(3 * size)
