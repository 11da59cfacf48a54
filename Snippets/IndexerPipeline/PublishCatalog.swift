//! Enqueues the replacement of an index by a new one, which searches see at once or not at all.

import IndexerPipeline

func publishCatalog(_ file: String, in store: Store) throws {
  _ = try store.enqueue(.add([.file(file)], to: "books-new"))
  _ = try store.enqueue(.swap("books", "books-new"))
  _ = try store.enqueue(.drop("books-new"))
  let scheduler = try TaskScheduler(store)  // one for a store; others only enqueue
  try scheduler.runUntilEmpty(finished: { tasks in
    for task in tasks where task.status == .failed { print(task.number, task.problem ?? "") }
  })
}

// snippet.hide
// The first argument is the store, the second the file of the new catalog.
let directory = CommandLine.arguments.dropFirst().first ?? "library"
let file = CommandLine.arguments.dropFirst(2).first ?? "catalog.ndjson"
let store = try Store(path: directory, createsIfMissing: true)
try store.create("books")
try publishCatalog(file, in: store)
print(try store.indexes().map { "\($0.name): \($0.documentCount)" })

// Prints:
// ["books: 2"]
