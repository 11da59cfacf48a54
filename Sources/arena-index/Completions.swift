import ArgumentParser
import IndexerPipeline

extension CompletionKind {
  /// The names of the indexes of the store that the command line names.
  static var indexes: CompletionKind {
    .custom { words, _, _ in
      // Somebody who only presses a key sees no errors.
      guard let store = try? Store(path: StoreOptions.path(in: words)) else { return [] }
      return (try? store.indexes().map(\.name)) ?? []
    }
  }
}

extension StoreOptions {
  /// The store that a command line names, which need not be complete.
  fileprivate static func path(in words: [String]) -> String {
    for (position, word) in words.enumerated().reversed() {
      if word.hasPrefix("--store=") { return String(word.dropFirst("--store=".count)) }
      if word == "--store", position + 1 < words.count { return words[position + 1] }
    }
    return standardPath
  }
}
