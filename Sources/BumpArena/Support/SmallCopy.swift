/// Copying of few bytes without a call.
///
/// Up to 32 bytes are copied as two words that may overlap, of the largest size that fits: the
/// scheme of the small sizes in glibc's `memcpy`. Most programs copy names, words and small records
/// into an arena.
@usableFromInline
enum SmallCopy {
  /// Copies `source` to memory that does not overlap it and has room for it.
  @unsafe @inlinable @inline(__always)
  static func copy(_ source: RawSpan, to target: UnsafeMutableRawPointer) {
    // SAFETY: every word below lies within the bytes of both; the cases are chosen by their number.
    let byteCount = source.byteCount
    if byteCount >= 8 {
      if byteCount <= 16 {
        unsafe copyEnds(UInt64.self, of: source, to: target)
      } else if _fastPath(byteCount <= 32) {
        unsafe copyEnds(SIMD2<UInt64>.self, of: source, to: target)
      } else {
        unsafe source.withUnsafeBytes { bytes in
          unsafe target.copyMemory(
            from: bytes.baseAddress.unsafelyUnwrapped, byteCount: bytes.count)
        }
      }
    } else if byteCount >= 4 {
      unsafe copyEnds(UInt32.self, of: source, to: target)
    } else if byteCount >= 2 {
      unsafe copyEnds(UInt16.self, of: source, to: target)
    } else if byteCount == 1 {
      unsafe copyEnds(UInt8.self, of: source, to: target)
    }
  }

  /// Copies the first and the last word.
  @unsafe @inlinable @inline(__always)
  static func copyEnds<Word: BitwiseCopyable>(
    _ type: Word.Type, of source: RawSpan, to target: UnsafeMutableRawPointer
  ) {
    // SAFETY: the caller has at least one word's bytes and at most two's.
    let last = source.byteCount &- MemoryLayout<Word>.size
    let head = unsafe source.unsafeLoadUnaligned(fromUncheckedByteOffset: 0, as: Word.self)
    let tail = unsafe source.unsafeLoadUnaligned(fromUncheckedByteOffset: last, as: Word.self)
    unsafe target.storeBytes(of: head, as: Word.self)
    unsafe target.storeBytes(of: tail, toByteOffset: last, as: Word.self)
  }
}

extension UnsafeMutablePointer where Pointee: BitwiseCopyable {
  /// Initializes the memory with the bytes of `elements`.
  @unsafe @inlinable @inline(__always)
  package func initialize(copying elements: Span<Pointee>) {
    // Elements without bytes have a stride, too, which must not be copied.
    guard MemoryLayout<Pointee>.size > 0 else { return }
    // SAFETY: the caller provides room for as many elements.
    unsafe SmallCopy.copy(elements.bytes, to: self)
  }
}
