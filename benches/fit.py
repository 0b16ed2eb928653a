"""Fits a CSV larger than memory, and prints peak memory, time of the processor and throughput beside reading the file alone.

    cargo build --release -p secant-cli
    python3 benches/fit.py --gigabytes 10 --folder /somewhere/with/room
    python3 benches/fit.py --gigabytes 0.2                                 # a quick look

The rows are y = 2.5 exp(-0.6 t) + 0.4 with noise of 0.05; a million of them are drawn, and written again and again until the file is long enough.
A file that is there already is taken as it is; it is deleted at the end. Needs numpy.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import time

import numpy as np

ROOT = pathlib.Path(__file__).parent.parent
TRUE = {"a": 2.5, "b": 0.6, "c": 0.4}
BLOCK = 8 << 20


def make(path, size):
    rng = np.random.default_rng(7)
    t = rng.uniform(0, 10, 1_000_000)
    y = TRUE["a"] * np.exp(-TRUE["b"] * t) + TRUE["c"] + 0.05 * rng.standard_normal(len(t))
    rows = "".join(f"{t:.7f},{y:.7f}\n" for t, y in zip(t, y)).encode()
    with open(path, "wb") as file:
        file.write(b"t,y\n")
        while file.tell() < size:
            file.write(rows)


def read_alone(path):
    start, buffer = time.perf_counter(), bytearray(BLOCK)
    with open(path, "rb", buffering=0) as file:
        while file.readinto(buffer):
            pass
    return time.perf_counter() - start


def run(command):
    """Standard output, seconds by the clock and of the processor, and peak memory in MB."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, status
    return output, time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--gigabytes", type=float, default=10)
    options.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("."))
    options.add_argument("--secant", default=str(ROOT / "target/release/secant"))
    options.add_argument("--start", default="a=2.5,b=0.5,c=0.5", help="a start further away takes more passes")
    options = options.parse_args()
    path = options.folder / "secant-bench.csv"
    try:
        if not path.exists():
            if shutil.disk_usage(options.folder).free < 1.05e9 * options.gigabytes:
                raise SystemExit(f"there is no room for {options.gigabytes:g} GB in {options.folder}")
            make(path, options.gigabytes * 1e9)
        size = path.stat().st_size
        print(f"file: {size / 1e9:.2f} GB")
        alone = read_alone(path)
        formula = ["y = a*exp(-b*t) + c", str(path), "--start", options.start, "--format", "json"]
        output, seconds, processor, memory = run([options.secant, "fit", *formula])
        again = read_alone(path)
        found = json.loads(output)
        values = {parameter["name"]: (parameter["value"], parameter["error"]) for parameter in found["parameters"]}
        # One pass more than the fit counts: the beginning is read to see whether the table is small.
        each, own = seconds / found["passes"], processor / found["passes"]
        print(f"rows: {found['rows']:,}; {found['verdict']} after {found['passes']} passes in {seconds:.1f} s")
        for name, (value, error) in values.items():
            print(f"  {name} = {value} ± {error:.2g} (made with {TRUE[name]})")
        print(f"peak memory: {memory:.0f} MB")
        print(f"reading alone: {size / alone / 1e9:.2f} GB/s before, {size / again / 1e9:.2f} GB/s after")
        print(f"a pass of the fit: {each:.1f} s, {size / each / 1e9:.2f} GB/s, {each / min(alone, again):.1f} x reading alone")
        print(f"its time of the processor: {own:.1f} s, {own / size * 1e9:.2f} s/GB")
    finally:
        path.unlink(missing_ok=True)


main()
