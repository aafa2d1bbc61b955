# SPDX-License-Identifier: Apache-2.0
"""Files that appear whole or not at all."""
import os

from plot.mistake import Mistake

A_FOLDER = "-o FOLDER, one that can be written"


def write_whole(folder, files):
    """Writes {name: bytes} into a folder, made if need be; each is written aside first and then takes its name."""
    beside = {name: folder / f".{name}.{os.getpid()}.part" for name in files}
    is_new, done = False, False
    try:
        for name in files:
            if (folder / name).is_dir():
                raise Mistake(folder / name, "is a folder", A_FOLDER)
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            beside[name].write_bytes(content)
        for name, part in beside.items():
            part.replace(folder / name)
        done = True
    except OSError as error:
        raise Mistake(folder, error.strerror, A_FOLDER) from None
    finally:
        if not done:
            _remove(beside.values(), folder if is_new else None)
    return [folder / name for name in files]


def _remove(parts, folder):
    try:
        for part in parts:
            part.unlink(missing_ok=True)
        if folder:
            folder.rmdir()
    except OSError:
        pass  # what could not be written needs no removal
