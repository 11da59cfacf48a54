import Foundation
import IndexerPipeline

/// A few documents for machines that have no package catalog.
enum SampleDocuments {
  private static let documents = [
    (
      "ed", "editors", "line editor",
      "The standard text editor. It is small and works on any terminal."
    ),
    (
      "vim", "editors", "text editor with modes",
      "An improved vi: many windows, undo, syntax highlighting."
    ),
    (
      "nano", "editors", "small text editor",
      "A friendly editor that shows its key bindings below the text."
    ),
    (
      "mimalloc", "libs", "general purpose memory allocator",
      "A compact memory allocator with good performance."
    ),
    (
      "jemalloc", "libs", "scalable memory allocator",
      "A memory allocator that emphasizes fragmentation avoidance."
    ),
    (
      "lmdb", "database", "key-value store in a memory map",
      "An embedded, transactional store; readers never block."
    ),
    (
      "zstd", "utils", "fast lossless compression",
      "Compression with a wide range of speed and ratio trade-offs."
    ),
    (
      "lz4", "utils", "extremely fast compression",
      "Lossless compression for when speed matters most."
    ),
    (
      "sort", "utils", "sort lines of text",
      "Sorting by keys, merging sorted files, external sorting."
    ),
    (
      "netsort", "science", "sorting network generator",
      "Finds a sorting network with few comparators."
    ),
    (
      "arena", "libs", "region-based memory",
      "Allocates by moving a pointer; frees everything at once."
    ),
    ("cafe", "games", "naïve café simulation", "Serve crème brûlée to Ångström's customers."),
  ]

  /// Writes one document a line to `path`.
  static func write(to path: String) throws(CommandFailure) {
    let lines = documents.map { id, section, summary, description in
      JSONLine().with("id", id).with("section", section).with("summary", summary)
        .with("description", description).text + "\n"
    }
    try ByteFile.write(Data(lines.joined().utf8), to: path)
  }
}
