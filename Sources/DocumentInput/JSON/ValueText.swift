@_spi(Internals) import SystemSupport

/// Makes the texts that numbers and booleans of a document are found by: a number as it is written,
/// `true` or `false`.
package struct ValueText: ~Copyable {
  /// The text that was made last.
  package private(set) var bytes: [UInt8] = []
  private var numbers = WrittenNumbers()
  /// How many numbers of the document have been met and not been looked for.
  private var waitingCount = 0

  package init() {}

  /// Begins with the values of another document.
  package mutating func beginDocument() {
    numbers = WrittenNumbers()
    waitingCount = 0
  }

  /// Makes the text of a value, or returns `false` if it is a string or `null`.
  ///
  /// - Parameters:
  ///   - leaf: The value; each number of the document is asked for once, in order.
  ///   - document: The document that it is in.
  @inline(never)
  package mutating func makeText(of leaf: borrowing DocumentLeaf, in document: Span<UInt8>) -> Bool
  {
    bytes.removeAll(keepingCapacity: true)
    switch leaf.kind {
    case .string, .null: return false
    case .boolean:
      bytes.append(contentsOf: leaf.isTrue ? "true".utf8 : "false".utf8)
    case .integer, .unsignedInteger, .largeInteger:
      // There is one way of writing it, so it need not be looked for.
      waitingCount += 1
      return leaf.appendDigits(to: &bytes)
    case .double:
      for _ in 0..<waitingCount { _ = numbers.next(in: document) }
      waitingCount = 0
      guard let range = numbers.next(in: document) else { return false }
      bytes.append(copying: document.extracting(range))
    }
    return true
  }
}
