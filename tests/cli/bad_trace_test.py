# SPDX-License-Identifier: Apache-2.0
"""A bad trace is refused in one line that says what is wrong and where."""
import unittest

from support import CliTest, safetensors, trace


class BadTraceTest(CliTest):
    def refuse_file(self, content, message):
        path = self.file("t.safetensors", content)
        for command in (["inspect", path], ["run", "hdp_edge", "--workload", path, "--out", "out"]):
            self.refuse(f"FOLDER/t.safetensors: {message}", *command)
        self.assertEqual(self.left(), ["t.safetensors"])

    def refuse_trace(self, message, data=None, **changes):
        header, zeros = trace(**changes)
        self.refuse_file(safetensors(header, zeros if data is None else data), message)

    def test_a_good_one_is_read(self):
        path = self.file("t.safetensors", safetensors(*trace()))
        self.assertIn("1 layers", self.succeed("inspect", path))

    def test_an_empty_file(self):
        self.refuse_file(b"", "0 bytes are too few for a safetensors file; allowed: 8 bytes of "
                              "header length, a JSON header, the data")

    def test_a_truncated_header(self):
        whole = safetensors(*trace())
        length = int.from_bytes(whole[:8], "little")
        self.refuse_file(whole[:40], f"header length {length} is too large [bytes]; "
                                     "allowed: at most 32")

    def test_a_header_length_that_lies(self):
        header, data = trace()
        most = len(safetensors(header, data)) - 8
        self.refuse_file(safetensors(header, data, length=10**12),
                         f"header length 1000000000000 is too large [bytes]; "
                         f"allowed: at most {most}")
        self.refuse_file(safetensors(header, data, length=20),
                         "the header is not valid JSON at byte 28 of the file")

    def test_a_header_that_is_no_json(self):
        self.refuse_file(safetensors(b"hello"),
                         "the header does not begin with '{' at byte 8 of the file")

    def test_truncated_data(self):
        header, data = trace()
        self.refuse_trace("tensor 'layers.0.v': data_offsets [64, 96] leave the file [bytes]; "
                          "allowed: at most 94", data=data[:-2])

    def test_data_that_nobody_owns(self):
        header, data = trace()
        self.refuse_trace("2 bytes after the last tensor belong to none", data=data + b"xx")

    def test_overlapping_tensors(self):
        self.refuse_trace("tensor 'layers.0.k': overlaps another tensor at offset 16; "
                          "allowed: to begin at 32", k={"data_offsets": [16, 48]})

    def test_a_tensor_outside_the_file(self):
        self.refuse_trace("tensor 'layers.0.v': data_offsets [64, 1096] leave the file [bytes]; "
                          "allowed: at most 96", v={"data_offsets": [64, 1096]})

    def test_reversed_offsets(self):
        self.refuse_trace("tensor 'layers.0.v': data_offsets [96, 64] are reversed [bytes]; "
                          "allowed: begin <= end", v={"data_offsets": [96, 64]})

    def test_a_shape_that_does_not_fit_its_bytes(self):
        self.refuse_trace("tensor 'layers.0.k': data_offsets [32, 64] do not fit F16 of shape "
                          "[1, 8, 4] [bytes]; allowed: a difference of 64", k={"shape": [1, 8, 4]})

    def test_shapes_that_disagree(self):
        self.refuse_trace("tensor 'layers.0.v': shape [1, 2, 8]; allowed: [1, 4, 4] as k has",
                          v={"shape": [1, 2, 8]})
        self.refuse_trace("tensor 'layers.0.k': d is 2; allowed: 4 as in q", k={"shape": [1, 8, 2]})

    def test_an_unknown_type(self):
        self.refuse_trace("tensor 'layers.0.k': unknown dtype 'F17'; allowed: F16, BF16, F32, F64, "
                          "I8, I16, I32; did you mean 'F16'?", k={"dtype": "F17"})

    def test_values_that_are_no_numbers(self):
        _, data = trace()
        for half, name in ((b"\x00\x7e", "NaN"), (b"\x00\x7c", "inf"), (b"\x00\xfc", "-inf")):
            self.refuse_trace(f"tensor 'layers.0.k': value {name} at [0, 0, 1]; "
                              "allowed: finite numbers of at most 2^128 (3.4e38) in "
                              "magnitude", data=data[:34] + half + data[36:])

    def test_a_missing_tensor(self):
        header, data = trace()
        del header["layers.0.v"]
        self.refuse_file(safetensors(header, data[:64]),
                         "tensor 'layers.0.v': is missing; allowed: q, k and v of every layer from "
                         "0 to the last, without gaps")

    def test_metadata(self):
        header, data = trace()
        header["__metadata__"]["stage"] = "prefil"
        self.refuse_file(safetensors(header, data),
                         "metadata 'stage': 'prefil'; allowed: prefill, decode; "
                         "did you mean 'prefill'?")
        del header["__metadata__"]
        self.refuse_file(safetensors(header, data),
                         "metadata 'stage': is missing; allowed: prefill, decode")


if __name__ == "__main__":
    unittest.main()
