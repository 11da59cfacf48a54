"""Prints the symbol graph of the files in Snippets, from which DocC takes what `@Snippet(path:slice:)` shows.

The comment at the start of a file, `//!`, is what is said about it. `// snippet.hide` and `// snippet.show` leave lines out,
`// snippet.NAME` and `// snippet.end` name some. The format is that of SymbolKit's `SymbolGraph.Symbol.Snippet`.
"""
import json
import pathlib
import re

PACKAGE = "bump-arena"


def symbol(path):
    about, lines, slices = [], [], {}
    shown, name, start = True, None, 0

    def close():
        if name:
            slices[name] = [start, len(lines)]

    for line in path.read_text().splitlines():
        marker = re.fullmatch(r"\s*// snippet\.(\w+)", line)
        if line.startswith("//! "):
            about.append({"text": line.removeprefix("//! ")})
        elif not marker:
            if shown and (lines or line):
                lines.append(line)
        elif marker[1] in ("hide", "show"):
            shown = marker[1] == "show"
        else:
            close()
            name, start = (None if marker[1] == "end" else marker[1]), len(lines)
    close()
    while lines and not lines[-1]:
        lines.pop()
    return {
        "kind": {"identifier": "swift.snippet", "displayName": "Snippet"},
        "identifier": {"precise": f"$snippet__{PACKAGE}.{path.stem}", "interfaceLanguage": "swift"},
        "names": {"title": path.stem},
        "pathComponents": list(path.with_suffix("").parts),
        "docComment": {"lines": about},
        "accessLevel": "public",
        "isVirtual": True,
        "snippet": {"language": "swift", "lines": lines, "slices": slices},
    }


if __name__ == "__main__":
    graph = {
        "metadata": {"formatVersion": {"major": 0, "minor": 1, "patch": 0}, "generator": "snippet-graph"},
        "module": {"name": PACKAGE, "platform": {}, "isVirtual": True},
        "symbols": [symbol(path) for path in sorted(pathlib.Path("Snippets").rglob("*.swift"))],
        "relationships": [],
    }
    print(json.dumps(graph, indent=1))
