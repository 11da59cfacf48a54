"""Compares the public symbols of the modules with Docs/PublicSymbols.txt, or writes the file."""
import difflib
import json
import pathlib
import sys

LISTED = pathlib.Path("Docs/PublicSymbols.txt")


def public_symbols(graphs, module):
    """A line for each declaration in a file: the compiler and protocols add others."""
    for graph in sorted(pathlib.Path(graphs, module).glob("*.symbols.json")):
        for symbol in json.loads(graph.read_text())["symbols"]:
            if symbol["accessLevel"] != "public" or "location" not in symbol:
                continue
            declaration = "".join(part["spelling"] for part in symbol["declarationFragments"])
            yield f"{module} {'.'.join(symbol['pathComponents'])}: {' '.join(declaration.split())}"


graphs, *modules = sys.argv[1:]
update = modules[0] == "--update"
lines = sorted({line for module in modules[update:] for line in public_symbols(graphs, module)})
if update:
    LISTED.write_text("\n".join(lines) + "\n")
    print(f"{LISTED}: {len(lines)} symbols")
elif changes := [line for line in difflib.unified_diff(
        LISTED.read_text().splitlines(), lines, str(LISTED), "now", n=0, lineterm="")]:
    print(*changes, "The public API has changed. Run 'Scripts/documentation symbols', and explain it in CHANGELOG.md.",
          sep="\n", file=sys.stderr)
    sys.exit(1)
