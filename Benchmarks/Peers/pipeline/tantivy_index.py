"""Indexes an NDJSON file with tantivy: every field of text stored and indexed with positions.

Usage: tantivy_index.py FILE FIELDS_FILE DIRECTORY THREADS HEAP_BYTES

Prints the seconds it took, without starting Python, as JSON. Documents are parsed by tantivy itself.
"""

import json
import sys
import time

import tantivy


def main():
    path, fields_path, directory, threads, heap = sys.argv[1:]
    with open(fields_path, encoding="utf-8") as file:
        fields = json.load(file)
    builder = tantivy.SchemaBuilder()
    for field in fields["text"]:
        is_id = field == "id"
        builder.add_text_field(
            field, stored=True, tokenizer_name="raw" if is_id else "default",
            index_option="basic" if is_id else "position")
    for field in fields["integer"]:
        builder.add_integer_field(field, stored=True, indexed=True)
    index = tantivy.Index(builder.build(), path=directory)
    start = time.perf_counter()
    writer = index.writer(heap_size=int(heap), num_threads=int(threads))
    count = 0
    with open(path, encoding="utf-8") as file:
        for line in file:
            writer.add_json(line)
            count += 1
    writer.commit()
    writer.wait_merging_threads()
    print(json.dumps({"seconds": time.perf_counter() - start, "documents": count}))


main()
