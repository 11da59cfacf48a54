extension DocumentReader {
  /// Fills `block` with the next changes. Returns `false` at their end. The number of a change is
  /// its line.
  mutating func fillChanges(
    _ block: inout InputBlock, of input: inout Current, from changes: DocumentChanges
  ) -> Bool {
    block.removeAll(changes: changes)
    reading: while block.byteCount < limits.blockByteCount {
      let before = block.byteCount
      switch changes.next() {
      case .change(.put(let document)):
        guard document.count <= limits.maximumDocumentByteCount else {
          addDocumentThatIsTooLong(to: &block, line: input.line)
          break
        }
        block.addDocument(document.span, line: input.line)
      case .change(.delete(let id)):
        block.addDeletion(of: Array(id.utf8).span, line: input.line)
      case .bad(let document, let problem):
        block.addDocument(document.span, line: input.line, problem: problem)
      case .end: break reading
      }
      readByteCount += block.byteCount - before
      input.line += 1
    }
    return !block.documents.isEmpty
  }
}
