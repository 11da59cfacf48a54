package import SystemSupport

/// A change of one document.
public enum DocumentChange: Sendable, Equatable {
  /// The document becomes the one given, as JSON. One with the same id is replaced.
  case put([UInt8])
  /// The document with the id is gone. If there is none, nothing happens.
  case delete(id: String)
}

/// A sequence of changes to be read once, by whichever thread has time.
///
/// ```swift
/// let changes = DocumentChanges(
///   [.put(Array(#"{"id": 1, "title": "Dune"}"#.utf8)), .delete(id: "7")], name: "catalog feed")
/// ```
public final class DocumentChanges: @unchecked Sendable {
  // `@unchecked`: the sequence was sent here, and the reader of the input calls `next()` on one
  // thread at a time.

  /// What messages call the sequence. The number of the change takes the place of a line.
  public let name: String
  /// Where a change was made, by its number.
  package let location: @Sendable (Int) -> IndexerError.Location
  private let take: () -> Item

  /// What comes next.
  package enum Item {
    case change(DocumentChange)
    /// A document that its source shows to be bad.
    case bad(document: [UInt8], DocumentError)
    case end
  }

  /// Takes over a sequence.
  ///
  /// - Parameters:
  ///   - changes: Made on demand, if the sequence is lazy: all of them need not fit into memory.
  ///   - name: What messages call it.
  public init(_ changes: sending some Sequence<DocumentChange>, name: String) {
    self.name = name
    location = { IndexerError.Location(source: name, line: $0) }
    var iterator = changes.makeIterator()
    take = { iterator.next().map { .change($0) } ?? .end }
  }

  /// Takes over what `take` makes.
  package init(
    named name: String, at location: @escaping @Sendable (Int) -> IndexerError.Location,
    _ take: sending @escaping () -> Item
  ) {
    self.name = name
    self.location = location
    self.take = take
  }

  package func next() -> Item { take() }
}
