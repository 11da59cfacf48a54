import LMDB

/// Hands the blocks of the input to several workers, each block to one, in order.
final class BlockQueue: @unchecked Sendable {
  // `@unchecked`: both variables are guarded by the monitor.
  private let monitor = Monitor()
  private var reader: DocumentReader
  /// A block that was looked at before the workers started.
  private var first: InputBlock?

  /// Bytes of all inputs, if known.
  let totalByteCount: Int?

  /// Takes over the reader, and the block that was read from it already.
  init(_ reader: consuming DocumentReader, first: consuming InputBlock?) {
    totalByteCount = reader.totalByteCount
    self.reader = reader
    self.first = first
  }

  /// Fills `block` with the next block. Returns `false` when there is none left.
  func next(into block: inout InputBlock) throws(IndexerError) -> Bool {
    try monitor.withLock { () throws(IndexerError) in
      if let first = first.take() {
        block = first
        return true
      }
      return try reader.nextBlock(into: &block)
    }
  }

  /// Bytes read so far.
  var readByteCount: Int { monitor.withLock { reader.readByteCount } }
}
