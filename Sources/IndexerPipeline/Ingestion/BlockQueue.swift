@_spi(Internals) import DocumentInput
import Synchronization

/// Hands the blocks of the input to several workers, each block to one, in order.
final class BlockQueue: @unchecked Sendable {
  // `@unchecked`: the variables are guarded by the two monitors.
  /// Guards what is read. It is held while input is awaited.
  private let monitor = Monitor()
  private var reader: DocumentReader
  /// A block that was looked at before the workers started.
  private var first: InputBlock?
  private var hasFailed = false

  /// Bytes of all inputs, if known.
  let totalByteCount: Int?

  private let configuration: IndexerConfiguration
  /// The size of the last blocks, once the end of the input is near.
  private var lastBlockByteCount: Int?
  private let readCount = Atomic(0)
  /// Guards what is known about the memory that blocks take.
  private let notes = Monitor()
  /// Whether a block has been measured.
  private var hasNote = false
  /// The largest number of bytes of arena that a byte of input took so far.
  private var arenaBytesPerByte = IndexerConfiguration.expectedArenaBytesPerByte

  /// Takes over the reader, and the block that was read from it already.
  init(
    _ reader: consuming DocumentReader, first: consuming InputBlock?,
    for configuration: IndexerConfiguration
  ) {
    totalByteCount = reader.totalByteCount
    readCount.store(reader.readByteCount, ordering: .relaxed)
    self.reader = reader
    self.first = first
    self.configuration = configuration
  }

  /// Takes note of how much memory a block took, which decides how large the next ones are.
  func note(arenaByteCount: Int, forBlockOf byteCount: Int) {
    // Small blocks say little: they pay for tables that larger ones share.
    guard byteCount >= 1 << 20 else { return }
    notes.withLock {
      let ratio = Double(arenaByteCount) / Double(byteCount)
      arenaBytesPerByte = hasNote ? max(arenaBytesPerByte, ratio) : ratio
      hasNote = true
    }
  }

  /// The size of the next block: what the memory allows, and towards the end of the input equal
  /// shares for all workers.
  private func nextBlockByteCount() -> Int {
    let byteCount = configuration.blockByteCount(
      arenaBytesPerByte: notes.withLock { arenaBytesPerByte })
    if let lastBlockByteCount { return min(byteCount, lastBlockByteCount) }
    guard let totalByteCount else { return byteCount }
    let left = max(0, totalByteCount - reader.readByteCount)
    let threadCount = configuration.threadCount
    guard left <= 2 * threadCount * byteCount else { return byteCount }
    let blockCount = max(1, (left + byteCount - 1) / byteCount)
    let evenCount = (blockCount + threadCount - 1) / threadCount * threadCount
    // Blocks end with whole documents: a little more keeps the last one from leaving a rest.
    let share = max(left / evenCount + (16 << 10), 256 << 10)
    lastBlockByteCount = share
    return min(byteCount, share)
  }

  /// Fills `block` with the next block. Returns `false` when there is none left, or reading has
  /// failed before.
  func next(into block: inout InputBlock) throws(IndexerError) -> Bool {
    try monitor.withLock { () throws(IndexerError) in
      if let first = first.take() {
        block = first
        return true
      }
      guard !hasFailed else { return false }
      reader.limits.blockByteCount = nextBlockByteCount()
      defer { readCount.store(reader.readByteCount, ordering: .relaxed) }
      do throws(IndexerError) {
        return try reader.nextBlock(into: &block)
      } catch {
        hasFailed = true
        throw error
      }
    }
  }

  /// Bytes read so far, with the blocks that were handed out.
  var readByteCount: Int { readCount.load(ordering: .relaxed) }
}
