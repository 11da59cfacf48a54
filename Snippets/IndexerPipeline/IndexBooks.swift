//! Adds documents that a program has, and searches them.

import IndexerPipeline

func indexBooks(in directory: String) async throws {
  let store = try Store(path: directory, createsIfMissing: true)
  let report = try await store.apply(
    [
      .put(Array(#"{"id": 1, "title": "The Origins of Totalitarianism"}"#.utf8)),
      .put(Array(#"{"id": 2, "title": "On Violence"}"#.utf8)),
      .delete(id: "3"),
    ], to: "books")
  print(report.documentCount, "documents")
  for hit in try await store.search("books", SearchRequest("violence", limit: 5)).hits {
    print(hit.id, String(decoding: hit.document, as: UTF8.self))
  }
}

// snippet.hide
let directory = CommandLine.arguments.dropFirst().first ?? "library"
try await indexBooks(in: directory)

// Prints:
// 2 documents
// 2 {"id": 2, "title": "On Violence"}
