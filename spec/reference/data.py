"""Makes spec/data: the same table as NumPy and gzip write it, for the readers. Needs numpy."""

import gzip
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent.parent / "data"
HERE.mkdir(exist_ok=True)

# x counts in quarters, y is its square less one: exact in every type used here.
x = np.arange(-4, 8) / 4
y = x**2 - 1
table = np.stack([x, y], axis=1)

np.save(HERE / "table.npy", table)
np.save(HERE / "fortran.npy", np.asfortranarray(table))
np.save(HERE / "single.npy", table.astype("<f4"))
np.save(HERE / "big.npy", table.astype(">f8"))
np.save(HERE / "half.npy", table.astype("<f2"))
np.save(HERE / "whole.npy", (16 * table).astype("<i2"))
records = np.zeros(len(x), dtype=[("x", "<f8"), ("n", "u1"), ("y", ">f4")])
records["x"], records["n"], records["y"] = x, np.arange(len(x)), y
np.save(HERE / "records.npy", records)
np.savez(HERE / "plain.npz", x=x, y=y)
np.savez_compressed(HERE / "packed.npz", x=x.astype("<f4"), y=y)
np.save(HERE / "complex.npy", x * 1j)
np.save(HERE / "cube.npy", np.arange(24.0).reshape(4, 3, 2))

# Three images of two by two pixels and their labels, in the format of the handwritten digits.
images = b"\0\0\x08\x03" + (3).to_bytes(4, "big") + (2).to_bytes(4, "big") * 2 + bytes(range(240, 252))
(HERE / "images.idx").write_bytes(images)
(HERE / "images-idx3-ubyte.gz").write_bytes(gzip.compress(images, mtime=0))
(HERE / "labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01" + (3).to_bytes(4, "big") + bytes([7, 2, 1]))
