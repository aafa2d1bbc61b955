# SPDX-License-Identifier: Apache-2.0
"""N:M masks of a weight file, from the command line."""
import hashlib
import json
import struct
import unittest

from support import CliTest, safetensors


def file_of(tensors):
    """F32 tensors by name: (shape, values)."""
    header, data = {}, b""
    for name, (shape, values) in tensors.items():
        begin = len(data)
        data += struct.pack("<%df" % len(values), *values)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, len(data)]}
    return safetensors(header, data)


class PruneWeightsTest(CliTest):
    def decide(self, cases, *options):
        self.file("c.json", json.dumps(cases))
        self.succeed("prune", "w.safetensors", "--cases", "c.json", "--out", "out.json", *options,
                     cwd=self.folder)
        return (self.folder / "out.json").read_bytes()

    def test_masks_of_a_small_file(self):
        content = file_of({"b.weight": ([2, 5], [1, -3, 3, 0, 2, -5, 4, 5, 6, 0]),
                           "b.bias": ([2], [1, 2]), "a.weight": ([3, 1], [-1, 0, 1])})
        self.file("w.safetensors", content)
        case = {"name": "1:3", "system": "nm", "settings": {"n": 1, "m": 3, "axis": 1}}
        made = json.loads(self.decide([case]))
        self.assertEqual(made["trace"], {"file": "w.safetensors",
                                         "sha256": hashlib.sha256(content).hexdigest()})
        one = made["cases"][0]
        self.assertEqual(one["settings"], {"n": 1, "m": 3, "bits": 8, "axis": 1})
        first, second = one["tensors"]
        self.assertEqual((first["tensor"], first["kept"]), ("a.weight", 3))
        # -3 of 1, -3, 3; 2 of 0, 2; -5 of -5, 4, 5; 6 of 6, 0: bits 1, 4, 5 and 8
        self.assertEqual(second, {"tensor": "b.weight", "shape": [2, 5],
                                  "mask_sha256": hashlib.sha256(bytes([0b00110010, 1])).hexdigest(),
                                  "groups": 4, "kept": 4, "total": 10, "bits": 4 * (8 + 3),
                                  "dense_bits": 80})
        self.assertEqual(one["total"], {"groups": 7, "kept": 7, "total": 13, "bits": 77,
                                        "dense_bits": 104})

    def test_threads_change_nothing(self):
        values = [((i * 37) % 101 - 50) / 8 for i in range(240)]
        self.file("w.safetensors", file_of({f"w{i}": ([12, 20], values[i:] + values[:i])
                                            for i in range(5)}))
        cases = [{"name": f"{n}:{m}", "system": "nm", "settings": {"n": n, "m": m, "axis": axis}}
                 for n, m in ((2, 4), (1, 8), (3, 5)) for axis in (0, 1)]
        self.assertEqual(self.decide(cases, "-j", "1"), self.decide(cases, "-j", "4"))


if __name__ == "__main__":
    unittest.main()
