//! Adds files to an index and counts the documents that have a word.

import IndexerPipeline

func count(_ word: String, in files: [String], storeDirectory: String) throws -> Int {
  let store = try Store(path: storeDirectory, createsIfMissing: true)
  let configuration = IndexerConfiguration(memoryByteCount: 64 << 20)
  _ = try store.add(files.map { .file($0) }, to: "files", configuration: configuration)
  return try store.search("files", SearchRequest(word, limit: 0)).matchCount
}

// snippet.hide
// The first argument is the store, the others are files.
let arguments = CommandLine.arguments.dropFirst()
let directory = arguments.first ?? "library"
print(try count("violence", in: Array(arguments.dropFirst()), storeDirectory: directory))

// Prints:
// 1
