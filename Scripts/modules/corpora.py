"""Makes the three files that the pipeline is measured with, unless they are there already.

Usage: Scripts/benchmark corpora

  packages.ndjson   Debian's package catalog with the long descriptions, a document a package
  source.ndjson     the C sources of the Linux kernel as Debian packages them, a document a file, 256 MB
  tiny.ndjson       1,000,000 records of two short fields; words by Zipf's law, from a fixed seed

Beside each, `NAME.fields.json` lists the names of its fields, for peers that must know them before.
Needs apt and about 2 GB of disk while it works.
"""

import json
import os
import random
import subprocess
import sys
import tarfile
import tempfile

SOURCE_BYTES = 256_000_000
TINY_DOCUMENTS = 1_000_000
TINY_VOCABULARY = 60_000


def stanzas(text):
    """The paragraphs of a Debian control file, each as a dictionary."""
    for paragraph in text.split("\n\n"):
        fields, name = {}, None
        for line in paragraph.split("\n"):
            if line.startswith((" ", "\t")):
                if name:
                    fields[name] += "\n" + line.strip()
            elif ":" in line:
                name, value = line.split(":", 1)
                name = name.lower()
                fields[name] = value.strip()
        if fields:
            yield fields


def lists(directory, kind):
    """The text of all of apt's lists of a kind, whatever way they are compressed."""
    for name in sorted(os.listdir(directory)):
        if kind in name:
            path = os.path.join(directory, name)
            yield subprocess.run(
                ["/usr/lib/apt/apt-helper", "cat-file", path], check=True, capture_output=True
            ).stdout.decode("utf-8", "replace")


def packages(output, scratch):
    subprocess.run(["mkdir", "-p", f"{scratch}/lists/partial"], check=True)
    subprocess.run(
        ["apt-get", "update", "-qq", "-o", "Acquire::Languages=en", "-o", f"Dir::State::Lists={scratch}/lists"],
        check=True)
    descriptions = {}
    for text in lists(f"{scratch}/lists", "Translation-en"):
        for stanza in stanzas(text):
            descriptions[stanza.get("description-md5")] = stanza.get("description-en", "")
    for text in lists(f"{scratch}/lists", "_Packages"):
        for stanza in stanzas(text):
            document = {"id": f"{stanza['package']}_{stanza['version']}_{stanza['architecture']}"}
            document.update(stanza)
            document["long_description"] = descriptions.get(stanza.get("description-md5"), "")
            output.write(json.dumps(document, ensure_ascii=False) + "\n")


def source(output, scratch):
    package = subprocess.run(
        ["apt-cache", "depends", "linux-source"], check=True, capture_output=True, text=True
    ).stdout.split("Depends: ")[1].split()[0]
    subprocess.run(["apt-get", "download", "-qq", package], check=True, cwd=scratch)
    archive = [name for name in os.listdir(scratch) if name.endswith(".deb")][0]
    subprocess.run(["dpkg-deb", "-x", archive, "tree"], check=True, cwd=scratch)
    tarball = subprocess.run(
        ["find", "tree", "-name", "linux-source-*.tar.*"], check=True, cwd=scratch, capture_output=True, text=True
    ).stdout.split()[0]
    written = 0
    with tarfile.open(os.path.join(scratch, tarball)) as files:
        for entry in files:
            if not entry.isfile() or not entry.name.endswith((".c", ".h")):
                continue
            text = files.extractfile(entry).read().decode("utf-8", "replace")
            line = json.dumps({"id": entry.name, "text": text}, ensure_ascii=False) + "\n"
            output.write(line)
            written += len(line.encode())
            if written >= SOURCE_BYTES:
                return


def tiny(output, scratch):
    generator = random.Random(20240501)
    weights, total = [], 0.0
    for rank in range(1, TINY_VOCABULARY + 1):
        total += 1 / rank
        weights.append(total)
    words = [f"w{rank}" for rank in range(TINY_VOCABULARY)]
    for number in range(TINY_DOCUMENTS):
        chosen = generator.choices(words, cum_weights=weights, k=generator.randint(8, 20))
        output.write(json.dumps({"id": number, "name": " ".join(chosen[:3]), "note": " ".join(chosen[3:])}) + "\n")


def fields(path):
    """Lists the fields by the type of their values."""
    found = {"text": set(), "integer": set()}
    with open(path, encoding="utf-8") as file:
        for line in file:
            for name, value in json.loads(line).items():
                found["integer" if isinstance(value, int) else "text"].add(name)
    with open(path.replace(".ndjson", ".fields.json"), "w", encoding="utf-8") as file:
        json.dump({kind: sorted(names) for kind, names in found.items()}, file)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    directory = sys.argv[1]
    os.makedirs(directory, exist_ok=True)
    for make in (packages, source, tiny):
        path = os.path.join(directory, f"{make.__name__}.ndjson")
        if not os.path.exists(path):
            with tempfile.TemporaryDirectory() as scratch:
                with open(path + ".new", "w", encoding="utf-8") as output:
                    make(output, scratch)
            os.rename(path + ".new", path)
            fields(path)
        print(f"{path}: {os.path.getsize(path) / 1e6:.1f} MB")


main()
