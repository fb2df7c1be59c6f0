#!/usr/bin/env python3
"""Times a training step of the workloads beside PyTorch and JAX, in alternation, each run a process of its own.

    Tests/Benchmarks/compare.py [WORKLOAD ...] --python VENV/bin/python [--rounds 5] [--threads 2]

VENV has numpy and whichever of torch and jax (with optax) is to be compared; what it lacks is left out. Prints for each
workload the median over the rounds of each program's median step in milliseconds, how many times as fast as the fastest peer ours
is (and the least and greatest of that over the rounds), the time that the arithmetic alone would take at the peak which peak.c
measures in the same run, and the share of that peak which ours reaches. The losses after the last step stand beside each other:
both programs trained the same model, on the same batches, for as many steps.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(HERE, "peers")
sys.path.insert(0, PEERS)
import common
import flops

WORKLOADS = [w for w in common.DEFAULTS if os.path.exists(os.path.join(HERE, "workloads", w + ".dg"))]
MODES = {"torch-eager": "torch", "torch-fused": "torch", "torch-compile": "torch", "jax-jit": "jax", "jax-scan": "jax"}


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("workloads", nargs="*", default=[], metavar="WORKLOAD", help="of " + ", ".join(WORKLOADS) + "; all if none is named")
    p.add_argument("--python", default=sys.executable, help="the Python that has the peers")
    p.add_argument("--program", default=os.path.join(HERE, "..", "..", ".build", "release", "deepgen-repl"))
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--modes", default=",".join(MODES), help="the peers to run, of %(default)s; '' for none")
    p.add_argument("--through", default="", help="a command that runs each process: nice, taskset ...")
    p.add_argument("--record", help="append every process's figures here, and print the table of all that is in it")
    a = p.parse_args()
    unknown = [w for w in a.workloads if w not in WORKLOADS]
    if unknown:
        p.error(f"no workload {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    a.workloads = a.workloads or WORKLOADS
    a.through = a.through.split()
    return a


def run(command, cwd=HERE):
    """The output of a command and the most memory it held, in MB; None where it failed."""
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, err = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        print(f"{' '.join(command)}: exit status {process.returncode}\n{err}", file=sys.stderr)
        return None
    return out, usage.ru_maxrss / 1024


def ours(a, workload, batches):
    """One process of ours: milliseconds a step, final loss, memory."""
    command = [a.program, "--threads", str(a.threads), os.path.join(HERE, "workloads", workload + ".dg")]
    if batches:
        command += ["--set", "batches=" + batches]
    result = run(a.through + command)
    figures = result and re.search(r"^(\S+) ms a step, loss (\S+)$", result[0], re.M)
    return figures and {"ms": float(figures[1]), "loss": float(figures[2]), "mb": result[1]}


def peer(a, mode, workload):
    library, _, how = mode.partition("-")
    result = run(a.through + [a.python, library + "_bench.py", workload, "--mode", how, "--threads", str(a.threads)], PEERS)
    if result is None:
        return None
    line = json.loads(result[0].splitlines()[-1])
    return {"ms": line["ms_per_step_median"], "loss": line["final_loss"], "mb": line["peak_rss_mb"]}


def peak(a, scratch):
    """GFLOP/s of multiply-adds on so many threads, the better of the two vector widths."""
    program = os.path.join(scratch, "peak")
    subprocess.run(["cc", "-O3", "-march=native", "-pthread", os.path.join(PEERS, "peak.c"), "-o", program], check=True)
    out, _ = run(a.through + [program, "0.2"])
    rates = re.findall(rf"_fma\s+threads={min(a.threads, 2)}\s+(\S+) GFLOP/s", out)
    return max(map(float, rates))


def installed(a, name):
    return subprocess.run([a.python, "-c", "import " + name], capture_output=True).returncode == 0


def table(runs, threads):
    """What was found, a line a workload."""
    runs = [r for r in runs if r["threads"] == threads]
    peaks = [r["peak"] for r in runs if "peak" in r]
    top = statistics.median(peaks) if peaks else None
    modes = [m for m in MODES if any(r.get("program") == m for r in runs)]
    head = ["workload", "ours", *modes, "faster", "(spread)", "bound", "share", "MB", "loss", "theirs"]
    rows = []
    for workload in WORKLOADS:
        of = {p: [r for r in runs if r.get("program") == p and r["workload"] == workload] for p in ["ours", *modes]}
        if not of["ours"]:
            continue
        ms = {p: statistics.median(r["ms"] for r in found) for p, found in of.items() if found}
        mine, theirs = ms.pop("ours"), ms
        row = [workload, f"{mine:.3f}"] + [f"{theirs[m]:.3f}" if m in theirs else "" for m in modes]
        if theirs:
            best = min(theirs, key=theirs.get)
            ratios = [b["ms"] / o["ms"] for o, b in zip(of["ours"], of[best])]
            row += [f"{theirs[best] / mine:.2f}", f"{min(ratios):.2f}-{max(ratios):.2f}"]
        else:
            row += ["", ""]
        bound = flops.F[workload][0] / top / 1e6 if top else None
        row += [f"{bound:.3f}", f"{100 * bound / mine:.0f} %"] if bound else ["", ""]
        row += [f"{max(r['mb'] for r in of['ours']):.0f}", f"{of['ours'][-1]['loss']:.4f}"]
        # A scan takes ten steps for each that it times, so that its loss is another step's.
        alike = [m for m in theirs if m != "jax-scan"]
        row += [f"{of[alike[0]][-1]['loss']:.4f}" if alike else ""]
        rows.append(row)
    widths = [max(len(r[i]) for r in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        print("  ".join([row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]).rstrip())
    if top:
        print(f"peak {top:.0f} GFLOP/s on {threads} threads; times in ms a step; faster: the fastest peer's time over ours")


def main():
    a = arguments()
    libraries = [x for x in ("torch", "jax", "numpy") if installed(a, x)]
    modes = [m for m in a.modes.split(",") if m and MODES[m] in libraries]
    runs = []
    if a.record and os.path.exists(a.record):
        runs = [json.loads(line) for line in open(a.record)]

    def note(record):
        runs.append(record)
        if a.record:
            with open(a.record, "a") as f:
                print(json.dumps(record), file=f)

    with tempfile.TemporaryDirectory() as scratch:
        note({"peak": peak(a, scratch), "threads": a.threads})
        for workload in a.workloads:
            batches = os.path.join(scratch, workload + ".npy") if "numpy" in libraries else None
            if batches:
                subprocess.run([a.python, "batches.py", workload, batches], cwd=PEERS, check=True)
            for _ in range(a.rounds):
                for program in ["ours", *modes]:
                    found = ours(a, workload, batches) if program == "ours" else peer(a, program, workload)
                    if found:
                        note({"program": program, "workload": workload, "threads": a.threads, **found})
            if batches:
                os.remove(batches)
    table(runs, a.threads)


if __name__ == "__main__":
    main()
