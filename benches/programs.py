#!/usr/bin/env python3
"""Programs as functions, measured: `python3 benches/programs.py target/release/secant` (Unix; standard library alone).

A program that sleeps 0.2 s, by one job and by two; a study that is killed half-way and taken up again; programs that hang, print
rubbish, fail at random or print 1 GB. Each line tells what was measured; the quick forms are tests of secant-process and secant-cli.
"""

import json
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time

SECANT = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/release/secant").resolve())
PAUSE = 0.2
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="secant-bench-"))
SLEEPER = FOLDER / "sleeper.sh"
SLEEPER.write_text(
    f'#!/bin/sh\necho "$1 $2 $3" >> {FOLDER}/log\nsleep {PAUSE}\n'
    'awk "BEGIN {printf \\"%.17g\\", sin($1) * $2 + exp($3)}"\n'
)
SLEEPER.chmod(0o755)


def slope(command, *options, at="x=1,y=2,z=0.5"):
    return [SECANT, "slope", "--command", command, "--at", at, "--format", "json", *options]


def run(arguments):
    start = time.time()
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    return done, time.time() - start


def side_by_side():
    alone = None
    for jobs in (1, 2):
        done, seconds = run(slope(f"{SLEEPER} {{x}} {{y}} {{z}}", "--jobs", str(jobs)))
        runs = json.loads(done.stdout)["runs"]
        alone = alone or seconds
        print(
            f"{runs} runs of {PAUSE} s, {jobs} at a time: {seconds:.2f} s (no less than {runs * PAUSE / jobs:.2f}), "
            f"speed-up {alone / seconds:.2f}, {alone / seconds / jobs:.3f} of the ideal one"
        )


def killed():
    journal, log = FOLDER / "journal", FOLDER / "log"
    log.unlink(missing_ok=True)
    arguments = slope(f"{SLEEPER} {{x}} {{y}} {{z}}", "--jobs", "2", "--journal", str(journal))
    first = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    while not journal.exists() or len(journal.read_text().splitlines()) < 18:
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    first.wait()
    held = {tuple(json.loads(line)["at"]) for line in journal.read_text().splitlines()}
    before = len(log.read_text().splitlines())
    done, _ = run(arguments)
    after = log.read_text().splitlines()[before:]
    repeated = sum(tuple(map(float, line.split())) in held for line in after)
    answer = json.loads(done.stdout)
    print(
        f"killed with {len(held)} runs in the journal ({before} begun), taken up again: {answer['runs']} runs, "
        f"{answer['from_journal']} from the journal, {repeated} of them run again"
    )


def trouble():
    cases = [
        ("prints 1 GB", "sh -c 'echo loud >&2; head -c 1000000000 /dev/zero' {x}", []),
        ("hangs, with a child that hangs", "sh -c 'sleep 600 & sleep 600' {x}", ["--timeout", "0.5"]),
        ("prints rubbish", "sh -c 'echo out of cheese >&2; echo all is well' {x}", []),
        ("fails in two of five runs", "sh -c 'test $(( $(date +%N | cut -c5-7 | sed s/^0*//)0 % 50 )) -ge 20 && echo $0' {x}", []),
        ("the same, tried again", "sh -c 'test $(( $(date +%N | cut -c5-7 | sed s/^0*//)0 % 50 )) -ge 20 && echo $0' {x}", ["--retries", "20"]),
    ]
    for name, command, options in cases:
        done, seconds = run(slope(command, "--jobs", "2", *options, at="x=2"))
        told = json.loads(done.stdout or done.stderr)
        if "error" in told:
            said = told["error"]["message"].split("the first: ")[-1].split("' ", 1)[-1]
        else:
            said = f"df/dx = {told['value']}, {told['runs']} runs, {len(told['failed'])} failed"
        print(f"{name}: {seconds:.2f} s, exit status {done.returncode}: {said[:110]}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"most memory of any process: {peak:.0f} MB")


side_by_side()
killed()
trouble()
