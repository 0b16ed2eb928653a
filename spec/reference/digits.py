"""Writes crates/secant-train/src/data/digits.txt from the file that scikit-learn carries: a line for each of the 1,797 pictures, 64 shades from 0 to g
(16), row by row, then a blank and the digit.

    pip install scikit-learn
    python3 spec/reference/digits.py
"""

import gzip
import pathlib
from importlib.resources import files

SHADES = "0123456789abcdefg"

root = pathlib.Path(__file__).resolve().parent.parent.parent
packed = files("sklearn.datasets.data").joinpath("digits.csv.gz").read_bytes()
with open(root / "crates/secant-train/src/data/digits.txt", "w") as file:
    for line in gzip.decompress(packed).decode().splitlines():
        *shades, digit = (int(float(number)) for number in line.split(","))
        assert len(shades) == 64
        file.write("".join(SHADES[shade] for shade in shades) + f" {digit}\n")
