public import BumpArena

/// A growing string of bytes in an arena that never moves: many grow side by side without wasting
/// what they leave.
///
/// The bytes lie in slices, each twice as large as the one before up to a cap and linked to the
/// next:
///
/// ```
///  head ▼                                       cursor ▼
/// ┌────────────────┬──────┐   ┌─────────────────────────────┬──────┐
/// │ 8 bytes        │ link │──▶│ 16 bytes                    │ link │
/// └────────────────┴──────┘   └─────────────────────────────┴──────┘
/// ```
///
/// The scheme is that of Lucene's byte block pools (2008). A chain is plain bytes, so that it can
/// be the value of a table; it means something only as long as its arena is not reset, which the
/// owner of the table sees to.
@frozen @unsafe @usableFromInline
package struct ByteChain: BitwiseCopyable {
  // SAFETY: for every use below, the pointers are nil or point into slices in the arena that the owner of
  // the chain borrows; every call gets the same arena.

  /// The first slice.
  @usableFromInline var head: UnsafeMutablePointer<UInt8>?
  /// Where the next byte goes.
  @usableFromInline var cursor: UnsafeMutablePointer<UInt8>?
  /// The end of the last slice, where its link is.
  @usableFromInline var limit: UnsafeMutablePointer<UInt8>?
  /// The number of bytes of the last slice without its link.
  @usableFromInline var sliceByteCount: UInt32
  /// The number of bytes in all full slices.
  @usableFromInline var closedByteCount: UInt32

  /// Creates an empty chain, which takes no memory.
  @inlinable @inline(__always)
  package init() {
    unsafe head = nil
    unsafe cursor = nil
    unsafe limit = nil
    unsafe sliceByteCount = 0
    unsafe closedByteCount = 0
  }

  /// The first slice holds what most chains ever get.
  @usableFromInline static let firstSliceByteCount = 8
  /// Slices stop doubling here: the unused end of the last slice is the cost of a chain.
  @usableFromInline static let maximumSliceByteCount = 1024
  @usableFromInline static let linkByteCount = 8
}

extension ByteChain {
  /// The number of bytes in the chain.
  package var byteCount: Int {
    // SAFETY: cursor and limit point into the same slice, or both are nil.
    guard let cursor = unsafe cursor, let limit = unsafe limit else { return 0 }
    return unsafe Int(closedByteCount) + Int(sliceByteCount) - (limit - cursor)
  }

  /// Adds a byte at the end.
  ///
  /// - Parameter core: The arena of this chain, the same in every call.
  @inlinable @inline(__always)
  package mutating func append(_ byte: UInt8, in core: ArenaCore) {
    // SAFETY: cursor is below limit after `addSlice`, and both lie in memory of the arena.
    if _slowPath(unsafe cursor == limit) { unsafe addSlice(in: core) }
    let position = unsafe cursor.unsafelyUnwrapped
    unsafe position.pointee = byte
    unsafe cursor = position + 1
  }

  /// Adds `value` in base 128, least significant group first, the high bit set in all bytes but the
  /// last.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - core: The arena of this chain, the same in every call.
  @inlinable @inline(__always)
  package mutating func appendVarint(_ value: UInt32, in core: ArenaCore) {
    var rest = value
    while _slowPath(rest >= 0x80) {
      unsafe append(UInt8(truncatingIfNeeded: rest) | 0x80, in: core)
      rest >>= 7
    }
    unsafe append(UInt8(truncatingIfNeeded: rest), in: core)
  }

  @usableFromInline @inline(never)
  mutating func addSlice(in core: ArenaCore) {
    let previousByteCount = unsafe Int(sliceByteCount)
    let byteCount =
      unsafe previousByteCount == 0
      ? Self.firstSliceByteCount : min(previousByteCount * 2, Self.maximumSliceByteCount)
    // SAFETY: the slice has room for its bytes and one pointer behind them; `limit` is where the
    // last slice's link belongs.
    let slice = unsafe core.allocateOrTrap(
      byteCount: byteCount + Self.linkByteCount, alignment: Self.linkByteCount
    ).assumingMemoryBound(to: UInt8.self)
    if let link = unsafe limit {
      unsafe UnsafeMutableRawPointer(link).storeBytes(
        of: slice, as: UnsafeMutablePointer<UInt8>.self)
      unsafe closedByteCount += sliceByteCount
    } else {
      unsafe head = slice
    }
    unsafe cursor = slice
    unsafe limit = slice + byteCount
    unsafe sliceByteCount = UInt32(byteCount)
  }
}

/// Reads a chain from its start. Valid until the chain's arena is reset.
@unsafe
package struct ByteChainReader {
  private var position: UnsafeMutablePointer<UInt8>?
  private var sliceEnd: UnsafeMutablePointer<UInt8>?
  private var sliceByteCount: Int
  /// The number of bytes not read yet.
  package private(set) var remainingByteCount: Int

  /// Starts at the first byte of `chain`.
  package init(_ chain: ByteChain) {
    // SAFETY: the first slice has `firstSliceByteCount` bytes if there is one.
    unsafe position = chain.head
    unsafe sliceByteCount = ByteChain.firstSliceByteCount
    unsafe sliceEnd = chain.head.map { unsafe $0 + ByteChain.firstSliceByteCount }
    unsafe remainingByteCount = chain.byteCount
  }

  /// Reads one byte.
  ///
  /// - Precondition: `remainingByteCount > 0`.
  @inline(__always)
  package mutating func readByte() -> UInt8 {
    unsafe precondition(remainingByteCount > 0, "ByteChainReader at the end")
    // SAFETY: bytes remain, so a full slice has a successor behind its link; sizes follow the
    // writer's rule.
    if unsafe position == sliceEnd {
      let link = unsafe UnsafeMutableRawPointer(sliceEnd.unsafelyUnwrapped)
      let next = unsafe link.load(as: UnsafeMutablePointer<UInt8>.self)
      unsafe sliceByteCount = unsafe min(sliceByteCount * 2, ByteChain.maximumSliceByteCount)
      unsafe position = next
      unsafe sliceEnd = next + sliceByteCount
    }
    unsafe remainingByteCount -= 1
    let current = unsafe position.unsafelyUnwrapped
    unsafe position = current + 1
    return unsafe current.pointee
  }

  /// Reads a number that `appendVarint` wrote.
  ///
  /// - Precondition: One starts here.
  @inline(__always)
  package mutating func readVarint() -> UInt32 {
    // SAFETY: `readByte` checks that bytes remain.
    var value: UInt32 = 0
    var shift: UInt32 = 0
    while true {
      let byte = unsafe readByte()
      value |= UInt32(byte & 0x7f) &<< shift
      if byte < 0x80 { return value }
      shift &+= 7
    }
  }
}
