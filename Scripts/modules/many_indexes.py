"""Runs very many indexes in one process, and watches it from outside: what is mapped, descriptors, threads.

Usage: Scripts/check-survival many-indexes [COUNT [SECONDS [LIMIT...]]]
  COUNT    indexes, 10000 by default
  SECONDS  of random searches and changes by eight threads, 120 by default
  LIMIT    of the address space as for 'ulimit -v'; 8000000 and unlimited by default
Fails if the process fails, or if more is mapped than its budget at any look.
"""
import glob
import os
import re
import subprocess
import sys
import time

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
program = os.path.join(root, ".build/release/arena-workload")
count = sys.argv[1] if len(sys.argv) > 1 else "10000"
seconds = sys.argv[2] if len(sys.argv) > 2 else "120"
limits = sys.argv[3:] or ["8000000", "unlimited"]


def mapped(pid):
    """Bytes of the maps of environments. A listing that is read while maps change may show one twice."""
    total = 0
    with open(f"/proc/{pid}/maps") as maps:
        for line in maps:
            if line.endswith("data.mdb\n"):
                start, end = line.split(" ", 1)[0].split("-")
                total += int(end, 16) - int(start, 16)
    return total


def watch(limit):
    command = f"ulimit -v {limit}; exec {program} indexes --count {count} --seconds {seconds}"
    process = subprocess.Popen(["bash", "-c", command], stdout=subprocess.PIPE, text=True)
    budget = int(re.match(r"budget: (\d+) MiB", process.stdout.readline()).group(1)) << 20
    peak = {"MiB mapped": 0, "descriptors": 0, "threads": 0}
    looks = 0
    while process.poll() is None:
        try:
            # The least of several looks: what is really mapped is no more than any of them shows.
            now = min(mapped(process.pid) for _ in range(3))
            descriptors = len(os.listdir(f"/proc/{process.pid}/fd"))
            threads = len(glob.glob(f"/proc/{process.pid}/task/*"))
        except (FileNotFoundError, ProcessLookupError):
            break
        looks += 1
        if now > budget:
            process.kill()
            sys.exit(f"{now >> 20} MiB mapped, the budget is {budget >> 20}")
        peak["MiB mapped"] = max(peak["MiB mapped"], now >> 20)
        peak["descriptors"] = max(peak["descriptors"], descriptors)
        peak["threads"] = max(peak["threads"], threads)
        time.sleep(0.05)
    print(f"# ulimit -v {limit}\nbudget: {budget >> 20} MiB")
    print(process.stdout.read(), end="")
    print(f"seen from outside, {looks} times: at most", ", ".join(f"{v} {k}" for k, v in peak.items()))
    if process.returncode != 0:
        sys.exit(f"exit code {process.returncode}")


for limit in limits:
    watch(limit)
