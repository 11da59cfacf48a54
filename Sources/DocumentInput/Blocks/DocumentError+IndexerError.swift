package import SystemSupport

extension IndexerError {
  /// A document that cannot be indexed, of an input whose bad documents are not left out.
  package init(
    _ error: DocumentError, _ document: InputBlock.DocumentRange, of block: borrowing InputBlock
  ) {
    // That the input is JSON was a guess: leaving out what is none would leave out all of it.
    let isGuessed = block.source(of: document)?.isGuessed ?? false
    let isJSON = block.bytes[document.byteOffset] == UInt8(ascii: "{")
    self.init(
      .document(error, isGuessed && !isJSON ? .ofGuessedFormat : .optional),
      at: block.location(of: document))
  }
}
