"""Shows that a power failure at any moment loses nothing that was acknowledged, and leaves nothing half done.

Usage: Scripts/check-survival power-loss [STRIDE [SEED [PROGRAM]]]
  STRIDE   look at every so many moments, 1 by default
  SEED     of the random choices, which it prints
  PROGRAM  .build/release/arena-index by default

A short job (additions, deletions, tasks, a compaction, a swap, a drop) runs with Scripts/modules/power_loss_recorder.c, which
records every change of a file and every sync in order. Then, for the moment after each of them, the store is made as a
device could hold it after a power failure:
- with everything that was written up to then;
- with only what was synchronized: data by fsync, fdatasync or O_DSYNC, names by fsync of their directory;
- with that and a random half of the rest, page by page, twice.
In each of these stores the queue is run and the indexes are verified and dumped: they must hold what the commands that had
ended by then did, and either all or nothing of what the command at work was to do.
"""
import concurrent.futures
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
stride = int(sys.argv[1]) if len(sys.argv) > 1 else 1
seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
program = sys.argv[3] if len(sys.argv) > 3 else os.path.join(root, ".build/release/arena-index")
directory = tempfile.mkdtemp(prefix="arena-power-")
page = 4096
# What Swift starts when a program crashes would outlive it.
os.environ["SWIFT_BACKTRACE"] = "enable=no"


class Failure(Exception):
    pass


# --- The job -------------------------------------------------------------------------------------------------------

def documents(numbers, version):
    path = os.path.join(directory, f"{version}.ndjson")
    with open(path, "w") as file:
        for number in numbers:
            filler = " ".join(f"w{number * k % 997}" for k in range(30))
            file.write(json.dumps({"id": f"d{number}", "v": version, "t": filler}) + "\n")
    return path


def versions(numbers, version):
    return {f"d{number}": version for number in numbers}


def job():
    """The commands, each with what the store holds in the end if it was the last one."""
    state = {}

    def step(arguments, **changes):
        for name, index in changes.items():
            if index is None:
                del state[name]
            else:
                state[name] = index
        return arguments, {name: dict(index) for name, index in state.items()}

    small = ["--memory", "16MB"]
    yield step(["add", "a", documents(range(3), "v1")] + small, a=versions(range(3), "v1"))
    yield step(["add", "a", documents(range(2, 500), "v2")] + small,
               a=state["a"] | versions(range(2, 500), "v2"))
    yield step(["delete", "a", "d0", "d7", "d400"],
               a={key: value for key, value in state["a"].items() if key not in ("d0", "d7", "d400")})
    yield step(["create", "b"], b={})
    # The text of a task is copied: it must have arrived before the task has.
    yield step(["enqueue", "add", "b", documents(range(300), "v3")], b=versions(range(300), "v3"))
    yield step(["enqueue", "delete", "b", "d5", "d6"],
               b={key: value for key, value in state["b"].items() if key not in ("d5", "d6")})
    yield step(["enqueue", "add", "a", documents(range(10, 60), "v4")], a=state["a"] | versions(range(10, 60), "v4"))
    yield step(["run", "--until-empty"] + small)
    yield step(["compact", "a"] + small)
    yield step(["swap", "a", "b"], a=state["b"], b=state["a"])
    yield step(["rename", "b", "c"], b=None, c=state["b"])
    yield step(["add", "c", documents(range(100, 900), "v5")] + small,
               c=state["c"] | versions(range(100, 900), "v5"))
    yield step(["drop", "a"], a=None)


def record(store):
    """Runs the job. Returns what it did to files, with marks where a command ended, and the states."""
    recorder = os.path.join(directory, "recorder.so")
    subprocess.run(
        ["cc", "-O1", "-shared", "-fPIC", "-o", recorder, os.path.join(root, "Scripts/modules/power_loss_recorder.c"), "-ldl", "-lpthread"],
        check=True)
    log = os.path.join(directory, "log")
    environment = dict(os.environ, LD_PRELOAD=recorder, POWER_LOSS_LOG=log, POWER_LOSS_ROOT=store)
    os.mkdir(store)
    states = [{}]
    operations = []
    position = 0
    for arguments, state in job():
        result = subprocess.run(
            [program] + arguments + ["--store", store], env=environment, capture_output=True, text=True)
        if result.returncode != 0:
            raise Failure(f"{arguments}: exit code {result.returncode}\n{result.stderr}")
        states.append(state)
        with open(log, "rb") as file:
            file.seek(position)
            while line := file.readline():
                operation = json.loads(line)
                operation["bytes"] = file.read(operation["count"])
                operations.append(operation)
            position = file.tell()
        operations.append({"op": "acknowledged", "command": arguments[0]})
    return operations, states


# --- The device ----------------------------------------------------------------------------------------------------

class Inode:
    """A file: what is on the device, and what is not for certain."""

    def __init__(self):
        self.durable = bytearray()
        self.pending = []


def apply(content, change):
    offset, data = change
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset:offset + len(data)] = data


def pages_of(change):
    """The parts of a change that reach the device one without the other."""
    offset, data = change
    if data is None or len(data) <= page:
        return [change]
    return [(offset + start, data[start:start + page]) for start in range(0, len(data), page)]


class Device:
    """What the recorded changes lead to."""

    def __init__(self):
        self.names = {}  # of all that was done: a path to an inode, or to None for a directory
        self.durable_names = {}
        self.pending_names = []

    def do(self, operation):
        kind, path = operation["op"], operation.get("path")
        if kind in ("create", "mkdir"):
            change = (kind, path, None, Inode() if kind == "create" else None)
        elif kind in ("unlink", "rmdir", "rename"):
            change = (kind, path, operation["to"], None)
        elif kind == "write":
            inode = self.names[path]
            if operation["durable"]:
                apply(inode.durable, (operation["offset"], operation["bytes"]))
            else:
                inode.pending.append((operation["offset"], operation["bytes"]))
            return
        elif kind == "truncate":
            self.names[path].pending.append((operation["offset"], None))
            return
        elif kind == "sync":
            inode = None if path == "." else self.names[path]
            if inode is not None:
                for pending in inode.pending:
                    apply(inode.durable, pending)
                inode.pending = []
            else:
                self.synchronize_names(path)
            return
        else:
            raise Failure(f"unknown change {kind}")
        self.rename(self.names, change)
        self.pending_names.append(change)

    @staticmethod
    def rename(names, change):
        kind, path, to, inode = change
        if kind in ("create", "mkdir"):
            names[path] = inode
        elif path in names:
            if kind == "rename":
                names[to] = names.pop(path)
            elif not any(name.startswith(path + "/") for name in names):
                del names[path]

    def synchronize_names(self, path):
        rest = []
        for change in self.pending_names:
            if (os.path.dirname(change[1]) or ".") == path:
                self.rename(self.durable_names, change)
            else:
                rest.append(change)
        self.pending_names = rest

    def after_failure(self, survives):
        """The files after a power failure, where `survives` says which pending changes reached the device."""
        names = dict(self.durable_names)
        for change in self.pending_names:
            if survives():
                self.rename(names, change)
        files = {}
        for path, inode in sorted(names.items()):
            # What is in a directory that has no name cannot be found.
            if os.path.dirname(path) and os.path.dirname(path) not in files:
                continue
            if inode is None:
                files[path] = None
                continue
            content = bytearray(inode.durable)
            for change in inode.pending:
                for part in pages_of(change):
                    if survives():
                        apply(content, part)
            files[path] = content
        return files


# --- Looking -------------------------------------------------------------------------------------------------------

def run(store, *arguments):
    result = subprocess.run(
        [program, *arguments, "--store", store], capture_output=True, text=True)
    if result.returncode != 0:
        raise Failure(f"{' '.join(arguments)}: exit code {result.returncode}\n{result.stderr}")
    return result.stdout


def contents(store, name):
    found = {}
    for line in run(store, "dump", name).splitlines():
        entry = json.loads(line)
        if entry["field"] == "v":
            for identifier in entry["ids"]:
                if identifier in found:
                    raise Failure(f"{name}: {identifier} is there twice")
                found[identifier] = entry["term"]
    return found


def check(number, kind, files, allowed):
    """Makes a store of the files, and looks at it as its user would."""
    store = os.path.join(directory, f"{number}-{kind}")
    os.mkdir(store)
    try:
        for path in sorted(files):
            place = os.path.join(store, path)
            if files[path] is None:
                os.mkdir(place)
            else:
                with open(place, "wb") as file:
                    file.write(files[path])
        if "STORE" not in files:
            # Not yet a store: the next program makes one.
            if {} not in allowed:
                raise Failure("there is no store")
            run(store, "add", "new", os.path.join(directory, "v1.ndjson"), "--quiet")
            run(store, "drop", "new")
        run(store, "run", "--until-empty", "--memory", "16MB")
        run(store, "verify")
        names = [json.loads(line)["index"] for line in run(store, "list", "--json").splitlines()]
        found = {name: contents(store, name) for name in names}
        if found not in allowed:
            raise Failure(
                f"it holds {({name: len(index) for name, index in found.items()})} documents, "
                f"not {[{name: len(index) for name, index in state.items()} for state in allowed]}")
        # Work goes on.
        run(store, "add", "more", os.path.join(directory, "v1.ndjson"), "--quiet")
        left = len(os.listdir(os.path.join(store, "indexes"))) - len(found) - 1
        if left:
            raise Failure(f"{left} directories of no index are left")
    except Failure as failure:
        keep = tempfile.mkdtemp(prefix="arena-power-failed-")
        shutil.copytree(store, keep, dirs_exist_ok=True)
        raise Failure(f"after change {number}, {kind}: {failure}\nthe store is in {keep}") from None
    finally:
        shutil.rmtree(store, ignore_errors=True)


def moments(operations, states, rng):
    """All stores to look at, with the states they may be in."""
    device = Device()
    acknowledged = 0
    for number, operation in enumerate(operations):
        if operation["op"] == "acknowledged":
            acknowledged += 1
        else:
            device.do(operation)
        if number % stride and operation["op"] != "acknowledged":
            continue
        last = number + 1 == len(operations) or operation["op"] == "acknowledged"
        allowed = states[acknowledged:acknowledged + (1 if last else 2)]
        yield number, "all", device.after_failure(lambda: True), allowed
        yield number, "synced", device.after_failure(lambda: False), allowed
        for index in range(2):
            yield number, f"half-{index}", device.after_failure(lambda: rng.random() < 0.5), allowed


try:
    print(f"seed {seed}", flush=True)
    start = time.monotonic()
    operations, states = record(os.path.join(directory, "store"))
    changes = sum(operation["op"] not in ("sync", "acknowledged") for operation in operations)
    syncs = sum(operation["op"] == "sync" for operation in operations)
    count = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = []
        for moment in moments(operations, states, random.Random(seed)):
            waiting.append(pool.submit(check, *moment))
            count += 1
            # No more stores in memory than are looked at.
            while len(waiting) > 2 * os.cpu_count():
                waiting.pop(0).result()
            if count % 200 == 0:
                print(f"{count} stores, {time.monotonic() - start:.0f} s", flush=True)
        for future in waiting:
            future.result()
    print(
        f"{count} power failures at {len(operations) // stride} moments of {len(states) - 1} commands ({changes} changes, {syncs} syncs), "
        f"{time.monotonic() - start:.0f} s: nothing acknowledged was lost, nothing was half done; verify found no problem")
except Failure as failure:
    print(f"FAILED with seed {seed}: {failure}")
    sys.exit(1)
finally:
    shutil.rmtree(directory, ignore_errors=True)
