"""Writes spec/networks/iris.csv from the file that scikit-learn carries: 150 flowers with four lengths in centimetres, and the name of the species in place of its number.

    pip install scikit-learn
    python3 spec/reference/iris.py
"""

import pathlib
from importlib.resources import files

root = pathlib.Path(__file__).resolve().parent.parent.parent
head, *rows = files("sklearn.datasets.data").joinpath("iris.csv").read_text().splitlines()
_, _, *species = head.split(",")
with open(root / "spec/networks/iris.csv", "w") as file:
    file.write("sepal_length,sepal_width,petal_length,petal_width,species\n")
    for row in rows:
        *lengths, number = row.split(",")
        file.write(",".join(lengths) + f",{species[int(number)]}\n")
