import Glibc
package import SystemSupport

// Cutting what was read into documents.
extension DocumentReader {
  /// Adds the whole documents of the block and returns the offset after the last one, and the line
  /// that is on.
  package mutating func split(
    _ input: inout Current, _ block: inout InputBlock, isComplete: Bool
  ) throws(IndexerError) -> (end: Int, line: Int) {
    if input.format == .ndjson { return splitLines(input, &block, isComplete: isComplete) }
    do throws(IndexerError) {
      return try splitValues(&input, &block, isComplete: isComplete)
    } catch {
      guard !block.documents.isEmpty else { throw error }
      // The documents before it come first: one of them may be bad, too.
      failure = error
      return (block.byteCount, input.line)
    }
  }

  private func splitLines(
    _ input: Current, _ block: inout InputBlock, isComplete: Bool
  ) -> (end: Int, line: Int) {
    var start = 0
    var line = input.line
    while start < block.byteCount {
      let end: Int
      if let newline = block.firstNewline(from: start) {
        end = newline
      } else {
        guard isComplete else { break }
        end = block.byteCount
      }
      if end - start <= limits.maximumDocumentByteCount {
        block.addDocuments(ofLine: start..<end, line: line)
      } else {
        addDocumentThatIsTooLong(in: &block, from: start, line: line)
      }
      start = end + 1
      line += 1
    }
    return (min(start, block.byteCount), line)
  }

  private func splitValues(
    _ input: inout Current, _ block: inout InputBlock, isComplete: Bool
  ) throws(IndexerError) -> (end: Int, line: Int) {
    var offset = 0
    // The line of the document added last, and where that starts.
    var line = input.line
    var lineOffset = 0
    while true {
      while offset < block.byteCount, JSONSplitter.isSpace(block.bytes[offset]) { offset += 1 }
      guard offset < block.byteCount else { break }
      let byte = block.bytes[offset]
      switch input.expectation {
      case .start where byte == UInt8(ascii: "["):
        input.expectation = .firstElement
        offset += 1
      case .firstElement where byte == UInt8(ascii: "]"),
        .commaOrEnd where byte == UInt8(ascii: "]"):
        input.expectation = .end
        offset += 1
      case .commaOrEnd where byte == UInt8(ascii: ","):
        input.expectation = .element
        offset += 1
      case .start, .objectOrEnd, .firstElement, .element:
        let end = JSONSplitter.endOfValue(in: block.bytes, from: offset)
        guard let end = end ?? (isComplete ? block.byteCount : nil) else {
          return (offset, line + block.lineFeedCount(in: lineOffset..<offset))
        }
        guard end > offset else { throw unexpected(byte, input, block, offset) }
        line += block.lineFeedCount(in: lineOffset..<offset)
        lineOffset = offset
        if end - offset <= limits.maximumDocumentByteCount {
          block.addDocument(trimming: offset..<end, line: line)
        } else {
          addDocumentThatIsTooLong(in: &block, from: offset, line: line)
        }
        input.expectation.pass()
        offset = end
      case .commaOrEnd, .end:
        throw unexpected(byte, input, block, offset)
      }
    }
    let isInArray =
      input.expectation != .end && input.expectation != .start && input.expectation != .objectOrEnd
    if isComplete, isInArray {
      throw IndexerError(.input(.arrayWithoutEnd), at: location(of: offset, block, input))
    }
    return (offset, line + block.lineFeedCount(in: lineOffset..<offset))
  }

  private func unexpected(
    _ byte: UInt8, _ input: Current, _ block: borrowing InputBlock, _ offset: Int
  ) -> IndexerError {
    let expected: IndexerError.ExpectedValue =
      switch input.expectation {
      case .start, .objectOrEnd: .object
      case .firstElement, .element: .element
      case .commaOrEnd: .commaOrEnd
      case .end: .nothing
      }
    return IndexerError(
      .input(.unexpectedByte(byte, expected: expected)), at: location(of: offset, block, input))
  }
}

extension DocumentReader {
  /// The file and line of a byte of the block.
  func location(
    of offset: Int, _ block: borrowing InputBlock, _ input: Current
  ) -> IndexerError.Location {
    IndexerError.Location(
      source: input.name, line: input.line + block.lineFeedCount(in: 0..<offset))
  }
}

extension InputBlock {
  /// Adds a document without the space around it, unless that is all there is.
  package mutating func addDocument(trimming range: Range<Int>, line: Int) {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, JSONSplitter.isSpace(bytes[start]) { start += 1 }
    while end > start, JSONSplitter.isSpace(bytes[end - 1]) { end -= 1 }
    guard start < end else { return }
    documents.append(DocumentRange(byteOffset: start, byteCount: end - start, line: line))
  }

  /// Adds the document of a line, or several if it has one object after the other: what writes
  /// lines may have left out where one ends.
  mutating func addDocuments(ofLine range: Range<Int>, line: Int) {
    var start = range.lowerBound
    while let end = endOfObject(followedByAnotherIn: start..<range.upperBound) {
      addDocument(trimming: start..<end, line: line)
      start = end
    }
    addDocument(trimming: start..<range.upperBound, line: line)
  }

  /// The offset after the first object of a line, if another one begins there.
  private func endOfObject(followedByAnotherIn range: Range<Int>) -> Int? {
    // Between two objects of one document there is a comma at least. Looking for brackets takes
    // next to nothing, and nearly all lines end here.
    var offset = range.lowerBound
    while let bracket = firstOffset(of: UInt8(ascii: "}"), in: offset..<range.upperBound) {
      offset = bracket + 1
      var next = offset
      while next < range.upperBound, JSONSplitter.isSpace(bytes[next]) { next += 1 }
      guard next < range.upperBound else { return nil }
      guard bytes[next] == UInt8(ascii: "{") else { continue }
      // This may be in a string.
      var start = range.lowerBound
      while JSONSplitter.isSpace(bytes[start]) { start += 1 }
      guard bytes[start] == UInt8(ascii: "{"),
        let end = JSONSplitter.endOfValue(in: bytes.extracting(start..<range.upperBound), from: 0)
      else { return nil }
      next = start + end
      while next < range.upperBound, JSONSplitter.isSpace(bytes[next]) { next += 1 }
      let isFollowed = next < range.upperBound && bytes[next] == UInt8(ascii: "{")
      return isFollowed ? start + end : nil
    }
    return nil
  }

  /// The offset of the first line feed at or after `offset`.
  func firstNewline(from offset: Int) -> Int? {
    firstOffset(of: UInt8(ascii: "\n"), in: offset..<byteCount)
  }

  private func firstOffset(of byte: UInt8, in range: Range<Int>) -> Int? {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= byteCount, "InputBlock range out of bounds")
    // SAFETY: checked above: memchr reads no more than the bytes of the buffer.
    guard
      let found = unsafe memchr(start + range.lowerBound, Int32(byte), range.count)
    else { return nil }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(start)
  }
}
