"""Kills arena-index (SIGKILL) at random moments of everything it does to a store, and checks after each kill
that nothing acknowledged is lost, nothing unacknowledged is half visible, and nothing is left behind.

Usage: Scripts/check-survival crashes [KILLS [SEED [PROGRAM]]]
  KILLS    how many processes to kill, 1000 by default
  SEED     of the random choices, which it prints
  PROGRAM  .build/release/arena-index by default

What is checked after each kill, with processes of their own:
- the store opens, and 'verify' finds every index sound;
- a direct command has taken effect completely or not at all, and completely if it had ended before;
- every task that was acknowledged is applied exactly once when the queue is empty, in order;
- from time to time: no file of a finished task, no directory without an index, no segment that does not belong to one.
"""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
kill_count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
program = sys.argv[3] if len(sys.argv) > 3 else os.path.join(root, ".build/release/arena-index")
rng = random.Random(seed)
# What Swift starts when a program crashes would outlive it.
os.environ["SWIFT_BACKTRACE"] = "enable=no"
directory = tempfile.mkdtemp(prefix="arena-crash-")
store = os.path.join(directory, "store")
names = ["a", "b", "c"]
# So little address space that the maps of indexes are small, and grow.
limit = 260_000


class Failure(Exception):
    pass


def command(arguments, limited=False):
    words = [program] + arguments + ["--store", store]
    if limited:
        return ["bash", "-c", f'ulimit -v {limit}; exec "$@"', "bash"] + words
    return words


def run(*arguments):
    """Runs a command to its end, which must be a good one."""
    result = subprocess.run(command(list(arguments)), capture_output=True, text=True)
    if result.returncode != 0:
        raise Failure(f"{' '.join(arguments)}: exit code {result.returncode}\n{result.stderr}")
    return result.stdout


def run_and_kill(arguments, seconds):
    """Runs a command and kills it after some time. Returns whether it had ended, and its exit code."""
    process = subprocess.Popen(
        command(arguments, limited=rng.random() < 0.5),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        _, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return False, None
    if process.returncode not in (0, 65):
        raise Failure(f"{arguments}: exit code {process.returncode}\n{errors}")
    return True, process.returncode


# --- What should be there ------------------------------------------------------------------------------------------

version = 0


def documents(ids):
    """Documents whose only word is their version, of a few hundred bytes."""
    global version
    version += 1
    path = os.path.join(directory, "input.ndjson")
    with open(path, "w") as file:
        for number in ids:
            filler = " ".join(f"w{(number * 31 + k * 7919) % 9973}" for k in range(120))
            file.write(json.dumps({"id": f"d{number}", "v": f"version{version}", "t": filler}) + "\n")
    return path, {f"d{number}": f"version{version}" for number in ids}


def contents(name):
    """What an index holds, by its ids: the version of each document."""
    found = {}
    for line in run("search", name, "v:version", "--prefix", "--limit", "1000000", "--json").splitlines():
        hit = json.loads(line)
        if "total" in hit:
            continue
        if hit["id"] in found:
            raise Failure(f"{name}: {hit['id']} is there twice")
        found[hit["id"]] = hit["document"]["v"]
    return found


def everything():
    names = [json.loads(line)["index"] for line in run("list", "--json").splitlines()]
    found = {name: contents(name) for name in names}
    for line in map(json.loads, run("list", "--json").splitlines()):
        if line["documents"] != len(found[line["index"]]):
            raise Failure(f"{line['index']}: the listing has {line['documents']} documents, not those of the index")
    return found


def some_ids():
    count = rng.choice([1, 5, 50, 400, 400, 3000])
    start = rng.randrange(600)
    return range(start, start + count)


def change(state):
    """A random operation: the arguments of a command, and the state after it."""
    after = {name: dict(index) for name, index in state.items()}
    name = rng.choice(names)
    kind = rng.choices(["add", "delete", "compact", "drop", "swap", "rename"], [60, 15, 10, 4, 6, 5])[0]
    if kind == "add":
        path, new = documents(some_ids())
        after.setdefault(name, {}).update(new)
        return ["add", name, path, "--memory", "16MB", "--quiet", "--primary-key", "id"], after
    if name not in state:
        return change(state)
    if kind == "delete":
        ids = [f"d{number}" for number in list(some_ids())[:50]]
        for identifier in ids:
            after[name].pop(identifier, None)
        return ["delete", name] + ids, after
    if kind == "compact":
        return ["compact", name, "--memory", "16MB"], after
    if kind == "drop":
        del after[name]
        return ["drop", name], after
    other = rng.choice([n for n in names if n != name])
    if kind == "swap" and other in state:
        after[name], after[other] = after[other], after[name]
        return ["swap", name, other], after
    if kind == "rename" and other not in state:
        after[other] = after.pop(name)
        return ["rename", name, other], after
    return change(state)


# --- Rounds --------------------------------------------------------------------------------------------------------

state = {}
kills = 0
undone = 0
durations = {}


def delay(kind):
    """A moment within the time that such a command takes, as seen so far."""
    return rng.random() * durations.get(kind, 0.08) * 1.1


def note(kind, seconds):
    durations[kind] = 0.8 * durations.get(kind, seconds) + 0.2 * seconds


def direct_round():
    """A command that changes the store directly."""
    global state, kills, undone
    arguments, after = change(state)
    start = time.monotonic()
    has_ended, _ = run_and_kill(arguments, delay(arguments[0]))
    if has_ended:
        note(arguments[0], time.monotonic() - start)
    else:
        note(arguments[0], durations.get(arguments[0], 0.08) * 1.02)
        kills += 1
    now = everything()
    if now == after:
        state = after
    elif now == state and not has_ended:
        undone += 1
    else:
        raise Failure(f"{arguments[:3]}: the store is neither as before nor as after")


def queue_round():
    """Tasks that are enqueued, and schedulers that are killed until none is left."""
    global state, kills, undone
    for _ in range(rng.randrange(1, 6)):
        arguments, after = change(state)
        if arguments[0] == "rename":
            continue
        words = ["enqueue", arguments[0]] + [
            word for word in arguments[1:] if word not in ("--memory", "16MB", "--quiet")]
        before = len(run("tasks", "list", "--json", "--limit", "100000").splitlines())
        if rng.random() < 0.3:
            has_ended, _ = run_and_kill(words, delay("enqueue"))
            kills += 0 if has_ended else 1
        else:
            start = time.monotonic()
            run(*words)
            note("enqueue", time.monotonic() - start)
            has_ended = True
        # Acknowledged or not: either it is in the queue, or it never will be.
        now = len(run("tasks", "list", "--json", "--limit", "100000").splitlines())
        if now > before:
            state = after
        elif has_ended:
            raise Failure(f"{words[:3]}: acknowledged, and not in the queue")
    for _ in range(rng.randrange(4)):
        start = time.monotonic()
        has_ended, _ = run_and_kill(["run", "--until-empty", "--memory", "16MB", "--quiet"], delay("run"))
        if has_ended:
            note("run", time.monotonic() - start)
            break
        note("run", durations.get("run", 0.08) * 1.02)
        kills += 1
    run("run", "--until-empty", "--memory", "16MB")
    bad = [line for line in run("tasks", "--json", "--limit", "100000").splitlines()
           if json.loads(line)["status"] != "succeeded"]
    if bad:
        raise Failure(f"a task has not succeeded: {bad[0]}")
    if everything() != state:
        raise Failure("the tasks have another effect than each of them once, in order")


largest = 0


def check_leftovers():
    global largest
    for place, _, files in os.walk(os.path.join(store, "indexes")):
        largest = max([largest] + [os.path.getsize(os.path.join(place, file)) for file in files])
    run("run", "--until-empty", "--quiet")
    payloads = os.path.join(store, "payloads")
    left = os.listdir(payloads) if os.path.isdir(payloads) else []
    if left:
        raise Failure(f"input of finished tasks is left: {left}")
    for name in sorted(state):
        path, new = documents([0])
        run("add", name, path, "--quiet")
        state[name].update(new)
        stray = json.loads(run("stats", name, "--json"))["abandonedSegments"]
        if stray:
            raise Failure(f"{stray} segments of '{name}' are left that do not belong to it")
    indexes = os.listdir(os.path.join(store, "indexes"))
    if len(indexes) != len(state):
        raise Failure(f"{len(indexes)} directories for {len(state)} indexes")


try:
    print(f"seed {seed}", flush=True)
    start = time.monotonic()
    run("create", "none")  # makes the store
    run("drop", "none")
    run("tasks", "prune")
    rounds = 0
    while kills < kill_count:
        rounds += 1
        direct_round() if rng.random() < 0.6 else queue_round()
        run("verify")
        if rounds % 20 == 0:
            check_leftovers()
            print(f"{kills} kills, {time.monotonic() - start:.0f} s", flush=True)
    check_leftovers()
    print(
        f"{kills} kills in {rounds} rounds, {time.monotonic() - start:.0f} s: every acknowledged change is there once, "
        f"{undone} that were not acknowledged are not there at all; verify found no problem; "
        f"the largest index had {largest >> 20} MiB")
    shutil.rmtree(directory)
except Failure as failure:
    print(f"FAILED with seed {seed} after {kills} kills; the store is in {directory}\n{failure}")
    sys.exit(1)
