extension DocumentReader {
  /// Fills `block` with the next changes. Returns `false` at their end. The number of a change is its
  /// line.
  mutating func fillChanges(
    _ block: inout InputBlock, of input: inout Current, from changes: DocumentChanges
  ) throws(IndexerError) -> Bool {
    block.removeAll()
    block.sourceName = input.name
    while block.byteCount < limits.blockByteCount, let change = changes.next() {
      let before = block.byteCount
      switch change {
      case .put(let document):
        guard document.count <= limits.maximumDocumentByteCount else {
          throw documentIsTooLong(at: input.line, of: input)
        }
        block.addDocument(document.span, line: input.line)
      case .delete(let id): block.addDeletion(of: Array(id.utf8).span, line: input.line)
      }
      readByteCount += block.byteCount - before
      input.line += 1
    }
    return !block.documents.isEmpty
  }
}
