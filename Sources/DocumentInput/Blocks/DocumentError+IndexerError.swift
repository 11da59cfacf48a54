import SystemSupport

extension IndexerError {
  /// A document that cannot be indexed.
  ///
  /// - Parameter offersSkipping: Whether it could be left out, and nobody has said so.
  package init(_ error: DocumentError, at place: String, offersSkipping: Bool = false) {
    let others = offersSkipping ? "leave such documents out with '--skip-bad'" : nil
    let advice = [error.advice, others].compactMap { $0 }.joined(separator: ", or ")
    self.init(.badInput, error.problem, at: place, advice: advice.isEmpty ? nil : advice)
  }

  /// A document that cannot be indexed, of an input whose bad documents are not left out.
  package init(
    _ error: DocumentError, _ document: InputBlock.DocumentRange, of block: borrowing InputBlock
  ) {
    let place = block.place(of: document)
    // That the input is JSON was a guess: leaving out what is none would leave out all of it.
    if let advice = block.source(of: document)?.advice,
      block.bytes[document.byteOffset] != UInt8(ascii: "{")
    {
      self.init(.badInput, error.problem, at: place, advice: advice)
    } else {
      self.init(error, at: place, offersSkipping: true)
    }
  }
}

extension DocumentError {
  /// What a document may be allowed at most.
  package static let largestByteCount = 1 << 30

  /// A document that is longer than is allowed.
  package static func documentIsTooLong(_ maximumByteCount: Int) -> DocumentError {
    let canBeAllowed = maximumByteCount < largestByteCount
    return DocumentError(
      "a document of more than \(maximumByteCount) bytes",
      advice: "split it into smaller documents"
        + (canBeAllowed ? ", allow more with '--max-document-size'" : ""))
  }
}
