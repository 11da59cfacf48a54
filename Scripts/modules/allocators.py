"""Runs the same indexing under several allocators, looks at the resident memory, writes the table into Docs/Allocators.md,
with the day, the commit and the machine, and draws Docs/Pictures/allocators.svg.

Usage: Scripts/benchmark memory [--again]      (--again: write and draw what was measured last)
  RUNS        how often each row is measured (3)
  MIMALLOC3   a libmimalloc.so of version 3; without it, pip fetches one (cmeel-mimalloc) into .build/mimalloc-3
jemalloc is that of Debian's libjemalloc2. An allocator that is not available is left out, and the page says so.
"""
import os
import pathlib
import platform
import re
import shutil
import statistics
import struct
import subprocess
import sys
import time

import recorded

root = recorded.ROOT
os.chdir(root)
out = root / ".build/memory"
page = root / "Docs/Allocators.md"
libraries = pathlib.Path(f"/usr/lib/{platform.machine()}-linux-gnu")
runs = int(os.environ.get("RUNS", "3"))
threads, batches, idle = 8, 16, 12
missing = []


def say(text):
    print(text, file=sys.stderr, flush=True)


def leave_out(name, advice):
    missing.append(name)
    say(f"*** {name} IS LEFT OUT: {advice}")


def jemalloc():
    path = libraries / "libjemalloc.so.2"
    if not path.exists():
        leave_out("jemalloc", "install libjemalloc2")
        return None
    return path


def mimalloc_3():
    """A mimalloc of version 3: the one that is named, or that of a Python package, which needs no Python to be used."""
    if named := os.environ.get("MIMALLOC3"):
        return pathlib.Path(named).resolve(strict=True)
    target = root / ".build/mimalloc-3"
    found = lambda: sorted(target.glob("*/lib*/libmimalloc.so*"))
    if not found():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--root-user-action=ignore",
                   "--no-deps", "--target", target, "cmeel-mimalloc"]
        result = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if not found():
            reason = (result.stderr.strip().splitlines() or ["the package has no libmimalloc.so"])[-1]
            leave_out("mimalloc 3", f"pip could not fetch cmeel-mimalloc ({reason[:100]}); set MIMALLOC3")
            return None
    return found()[0].resolve()


# The C library's allocator under the names that the LMDB below looks up. It is asked for in the C library itself: mimalloc
# answers to the names that begin with '__libc', too.
own_allocator = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
static void *(*c_malloc)(size_t), *(*c_calloc)(size_t, size_t), *(*c_realloc)(void *, size_t), *(*c_memalign)(size_t, size_t);
static void (*c_free)(void *);
__attribute__((constructor)) static void find(void) {
  void *libc = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
  c_malloc = dlsym(libc, "__libc_malloc");
  c_calloc = dlsym(libc, "__libc_calloc");
  c_realloc = dlsym(libc, "__libc_realloc");
  c_memalign = dlsym(libc, "__libc_memalign");
  c_free = dlsym(libc, "__libc_free");
}
void *mylloc(size_t n) { return c_malloc(n); }
void *cylloc(size_t a, size_t b) { return c_calloc(a, b); }
void *reylloc(void *p, size_t n) { return c_realloc(p, n); }
void midl_free(void *p) { c_free(p); }
int pysix_memalign(void **p, size_t alignment, size_t n) { return (*p = c_memalign(alignment, n)) ? 0 : 12; }
char *sydup(const char *s) { return memcpy(c_malloc(strlen(s) + 1), s, strlen(s) + 1); }
"""
other_names = {b"malloc": b"mylloc", b"calloc": b"cylloc", b"realloc": b"reylloc", b"posix_memalign": b"pysix_memalign",
               b"strdup": b"sydup"}


def make_split_lmdb():
    """The same LMDB, which calls the C library's allocator whoever answers malloc."""
    data = bytearray((libraries / "liblmdb.so.0").read_bytes())
    for name, other in other_names.items():
        at = data.index(b"\0" + name + b"\0") + 1
        data[at:at + len(name)] = other.ljust(len(name), b"\0")
    # 'free' is the end of a longer name in the table of names: it becomes a longer end of that one, 'midl_free'.
    sections, count = struct.unpack_from("<Q", data, 40)[0], struct.unpack_from("<H", data, 60)[0]
    headers = [struct.unpack_from("<IIQQQQIIQQ", data, sections + 64 * index) for index in range(count)]
    symbols = next(header for header in headers if header[1] == 11)
    names = headers[symbols[6]][4]
    changed = 0
    for at in range(symbols[4], symbols[4] + symbols[5], 24):
        name, _, _, section = struct.unpack_from("<IBBH", data, at)
        if section == 0 and data[names + name:names + name + 5] == b"free\0":
            assert data[names + name - 5:names + name] == b"midl_"
            struct.pack_into("<I", data, at, name - 5)
            changed += 1
    assert changed == 1
    (out / "liblmdb.so.0").write_bytes(data)
    (out / "own.c").write_text(own_allocator)
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", out / "libown.so", out / "own.c"], check=True)


# Name, who gives back, and what else there is in the environment. The order is that of the table.
glibc, je, mi2, mi3 = "glibc", "jemalloc", "mimalloc 2", "mimalloc 3"
split = ", LMDB on glibc's malloc"
glibc_128, je_0, je_thread = "glibc, trim threshold 128 KiB", "jemalloc, decay 0", "jemalloc, background thread"
mi2_0, mi3_0 = "mimalloc 2, decommit delay 0", "mimalloc 3, purge delay 0"
preload = {glibc: "libc.so.6", mi2: ""}
settings = {
    glibc_128: (glibc, {"MALLOC_TRIM_THRESHOLD_": "131072"}),
    je_0: (je, {"MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0"}),
    je_thread: (je, {"MALLOC_CONF": "background_thread:true"}),
    mi2_0: (mi2, {"MIMALLOC_DECOMMIT_DELAY": "0"}),
    mi3_0: (mi3, {"MIMALLOC_PURGE_DELAY": "0"}),
}
who = {"nobody": "nobody", "indexer": "the indexer", "caller": "indexer and caller"}


def rows():
    for allocator in (glibc, je, mi2, mi3):
        if allocator not in preload:
            continue
        for giver in who:
            yield allocator, giver
        for name, (base, _) in settings.items():
            if base == allocator:
                yield name, "nobody"
        if allocator != glibc:
            yield allocator + split, "nobody"
            yield allocator + split, "caller"


def environment_of(name):
    base = next(key for key in (glibc, je, mi2, mi3) if name.startswith(key))
    environment, loaded = dict(os.environ), preload[base]
    for variable in [key for key in environment if key.startswith(("MIMALLOC_", "MALLOC_"))]:
        del environment[variable]
    environment.update(settings.get(name, (None, {}))[1])
    if name.endswith(split):
        environment["LD_LIBRARY_PATH"] = str(out)
        loaded = f"{out / 'libown.so'} {loaded}".strip()
    if loaded:
        environment["LD_PRELOAD"] = loaded
    return environment


def file_of(name, giver, run):
    return out / f"{re.sub('[^a-z0-9]+', '-', name.lower())}.{giver}.{run}.txt"


def measure():
    say(subprocess.run(["swift", "build", "-c", "release", "--product", "arena-workload"], check=True, text=True,
                       stdout=subprocess.PIPE).stdout.splitlines()[-1])
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    make_split_lmdb()
    (out / "when").write_text(recorded.when())
    started = []
    for run in range(runs):
        for name, giver in rows():
            file = file_of(name, giver, run)
            command = [root / ".build/release/arena-workload", "threads", "--threads", threads, "--batches", batches,
                       "--idle", idle, "--give-back", giver]
            process = subprocess.Popen([str(word) for word in command], env=environment_of(name), stdout=file.open("w"))
            started.append((file, process))
            # A process that is idle uses no processor: the next one may begin.
            while "\nidle" not in file.read_text():
                assert process.poll() in (None, 0), f"{file}: exit code {process.returncode}"
                time.sleep(0.05)
            say(f"run {run + 1} of {runs}: {name}, {who[giver]}")
    for file, process in started:
        assert process.wait() == 0, f"{file}: exit code {process.returncode}"


class Run:
    def __init__(self, file):
        lines = [line.split() for line in file.read_text().splitlines()]
        self.version = next((line[1:] for line in lines if line[0] == "allocator"), None)
        self.shares = next((line[1:] for line in lines if line[0] == "LMDB"), None)
        batch = [line for line in lines if line[0] == "batch"]
        self.first, self.last = int(batch[0][3]), int(batch[-1][3])
        self.peak = max(int(line[4]) for line in batch)
        self.seconds = float(next(line[1] for line in lines if line[0] == "idle"))
        self.end = int(next(line[1] for line in lines if line[0] == "end"))
        self.samples = [(float(line[1]), int(line[2]) / 2**20) for line in lines if line[0] == "sample"]


def mebibytes(values):
    """The median, and where the runs differ the lowest and the highest."""
    low, middle, high = (round(f(values) / 2**20) for f in (min, statistics.median, max))
    return f"{middle} MiB" if high - low <= max(2, middle / 10) else f"{middle} ({low}–{high}) MiB"


def about(results):
    system = re.search('PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text())[1]
    versions = [os.confstr("CS_GNU_LIBC_VERSION")]
    for name in (je, mi2, mi3):
        if name in preload:
            versions.append(" ".join(results[name, "nobody"][0].version))
    huge = re.search(r"\[(.*)\]", pathlib.Path("/sys/kernel/mm/transparent_hugepage/enabled").read_text())[1]
    text = (f"Recorded on {(out / 'when').read_text()}: {recorded.processor()}; "
            f"{system}, transparent huge pages: {huge}; {', '.join(versions)}. {threads} threads, {batches} batches, then {idle} seconds without work. ")
    text += f"{len(results[glibc, 'nobody'])} runs of each row: medians, in parentheses the lowest and the highest where they differ by more than a tenth; "
    text += "processor time, user and system, from the least to the most."
    return text + (f" Not available: {', '.join(missing)}." if missing else "")


def table(results):
    lines = ["| allocator | who gives back | after the first batch | after the last | highest peak | after the idle time | processor seconds |",
             "|---|---|---|---|---|---|---|"]
    for (name, giver), row in results.items():
        seconds = [run.seconds for run in row]
        cells = [mebibytes([getattr(run, field) for run in row]) for field in ("first", "last", "peak", "end")]
        lines.append(f"| {name} | {who[giver]} | {' | '.join(cells)} | {min(seconds):.1f}–{max(seconds):.1f} |")
    return "\n".join(lines)


# Tones that can be read on white and on black; there is no background.
colors = {glibc: "#d9730d", je: "#3b82d6", mi2: "#159a86", mi3: "#b45fc4"}
grey = "#7d7d86"
panels = [
    ("nobody gives back", "nobody", {name: name for name in colors}),
    ("nobody gives back, allocators with settings", "nobody", {name: name for name in settings}),
    ("the indexer gives back", "indexer", {name: name for name in colors}),
    ("indexer and caller give back", "caller", {name: name for name in colors}),
    ("nobody gives back, LMDB on glibc's malloc", "nobody", {name + split: name for name in (je, mi2, mi3)}),
    ("both give back, LMDB on glibc's malloc", "caller", {name + split: name for name in (je, mi2, mi3)}),
]


def draw(results):
    """A panel for each way of giving back, one scale for all; of each row the run that ended in the middle."""
    samples = [sample for row in results.values() for run in row for sample in run.samples]
    longest, highest = (max(column) for column in zip(*samples))
    script = [
        "set terminal svg size 900,760 font 'sans-serif,13' linewidth 1.6",
        "set output 'Docs/Pictures/allocators.svg'",
        f"set border 3 lc rgb '{grey}' lw 0.6", f"set tics nomirror textcolor rgb '{grey}'",
        f"set grid ytics lc rgb '{grey}' lw 0.25", f"set xlabel 'seconds' textcolor rgb '{grey}' offset 0,0.6",
        f"set ylabel 'MiB' textcolor rgb '{grey}' offset 1.5,0", f"set xrange [0:{longest:.0f}]", f"set yrange [0:{highest * 1.3:.0f}]",
        f"set key top right textcolor rgb '{grey}' samplen 2 spacing 0.95 font ',11'",
        "set multiplot layout 3,2 margins 0.065,0.985,0.07,0.955 spacing 0.075,0.105",
    ]
    for number, (title, giver, lines) in enumerate(panels):
        plots = []
        for name, label in lines.items():
            if (name, giver) not in results:
                continue
            row = sorted(results[name, giver], key=lambda run: run.end)
            data = out / f"panel-{number}-{len(plots)}.dat"
            data.write_text("".join(f"{seconds:.2f} {value:.1f}\n" for seconds, value in row[len(row) // 2].samples))
            base = next(key for key in colors if name.startswith(key))
            dash = 2 if name == je_thread else 1
            plots.append(f"'{data}' using 1:2 with lines lc rgb '{colors[base]}' dt {dash} title \"{label}\"")
        script += [f'set title "{title}" textcolor rgb \'{grey}\' offset 0,-0.6', "plot " + ", ".join(plots)]
    subprocess.run(["gnuplot"], input="\n".join(script), text=True, check=True)


for name, library in ((je, jemalloc()), (mi3, mimalloc_3())):
    if library:
        preload[name] = str(library)
if "--again" not in sys.argv:
    measure()
results = {(name, giver): [Run(file) for file in sorted(out.glob(file_of(name, giver, "*").name))] for name, giver in rows()}
for (name, giver), row in results.items():
    base = next(key for key in colors if name.startswith(key))
    for run in row if name != je + split else []:
        got = " ".join(run.version)
        assert got.startswith("libc" if base == glibc else base), f"{name}: {got} answered"
        assert base == glibc or (run.shares == ["shares", "it"]) != name.endswith(split), f"{name}: LMDB {' '.join(run.shares)}"
recorded.write(page, "memory", f"{about(results)}\n\n{table(results)}")
draw(results)
print(table(results))
