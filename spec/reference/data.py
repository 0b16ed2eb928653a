"""Makes spec/data: the same table as NumPy, gzip, pyarrow and fastparquet write it, for the readers.

    pip install numpy pandas pyarrow fastparquet
"""

import decimal
import gzip
import pathlib

import fastparquet
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

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

# A decay with noise, and one row far out.
rng = np.random.default_rng(1)
t = np.arange(0, 10, 0.25)
decay = 2.5 * np.exp(-0.6 * t) + 0.4 + 0.06 * rng.standard_normal(len(t))
decay[17] += 0.6
rows = ["t,y,error"] + [f"{t:g},{y:.4f},0.06" for t, y in zip(t, decay)]
(HERE / "decay.csv").write_text("\n".join(rows) + "\n")
for name, lines in {
    "word": ["t,y", "0,2.9", "1,lots", "2,1.2"],
    "ragged": ["t,y", "0,2.9", "1,1.8,7", "2,1.2"],
    "empty": [],
    "hole": ["t,y", "0,2.9", "1,NaN", "2,1.2", "3,0.8", "4,0.6"],
    "huge": ["t,y", "0,1e308", "1,1e308", "2,-1e308"],
    "beyond": ["t,y", "0,1e309", "1,2"],
}.items():
    (HERE / f"{name}.csv").write_text("".join(line + "\n" for line in lines))

# The table again, in every kind of number that a Parquet file holds, four rows in a row group; n counts the rows from 0.
n = np.arange(len(x))
decimals = [decimal.Decimal(int(4 * value)) / 4 for value in x]
kinds = {f"i{bits}": pa.array(4 * x, pa.float64()).cast(getattr(pa, f"int{bits}")()) for bits in (8, 16, 32, 64)}
kinds |= {f"u{bits}": pa.array(n, getattr(pa, f"uint{bits}")()) for bits in (8, 16, 32, 64)}
kinds |= {f"f{bits}": pa.array(x.astype(f"f{bits // 8}")) for bits in (16, 32, 64)}
kinds |= {f"d{digits}": pa.array(decimals, pa.decimal128(digits, 2)) for digits in (9, 18, 38)}
kinds |= {"top": pa.array([2**64 - 1 - int(row) for row in n], pa.uint64()), "yes": pa.array(n % 3 == 0), "same": pa.array(n % 2 + 0.5).dictionary_encode()}
kinds = pa.table(kinds)
# Decimals of up to 18 digits stand in 32 or 64 bits, as other programs write them.
pq.write_table(kinds, HERE / "kinds.parquet", row_group_size=4, compression="none", store_decimal_as_integer=True)

plain = pa.table({"x": x, "y": y})
for packing in ("none", "snappy", "gzip", "lz4", "zstd", "brotli"):
    pq.write_table(plain, HERE / f"{packing}.parquet", compression=packing)
pq.write_table(plain, HERE / "pages.parquet", data_page_version="2.0", data_page_size=16, write_batch_size=2, row_group_size=7, write_page_checksum=True)
split = {"x": "BYTE_STREAM_SPLIT", "n": "DELTA_BINARY_PACKED"}
pq.write_table(pa.table({"x": x, "n": n}), HERE / "split.parquet", use_dictionary=False, column_encoding=split)
fastparquet.write(str(HERE / "fastparquet.parquet"), pd.DataFrame({"x": x, "y": y}), row_group_offsets=[0, 5], compression="GZIP")

# What is no column of numbers, beside ones that are; and values that are missing, x in row 6 and y in row 9.
mixed = {
    "x": [None if row == 5 else value for row, value in enumerate(x)],
    "y": [float("nan") if row == 8 else value for row, value in enumerate(y)],
    "name": [f"row {row}" for row in n],
    "when": pa.array(n, pa.timestamp("us")),
    "day": pa.array(n, pa.int32()).cast(pa.date32()),
    "raw": [b"\0\1"] * len(n),
    "list": [[value] for value in x],
    "point": [{"a": value, "b": -value} for value in x],
}
pq.write_table(pa.table(mixed), HERE / "mixed.parquet", row_group_size=5)
pq.write_table(plain.slice(0, 0), HERE / "none_at_all.parquet")
