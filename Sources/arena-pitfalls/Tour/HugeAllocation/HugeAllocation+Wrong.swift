import Glibc

/// An arena as it is often written: each chunk is twice as large as the last one, whatever
/// made that one large.
@safe struct DoublingArena: ~Copyable {
  private var chunks: [UnsafeMutableRawBufferPointer] = unsafe []
  private var freeByteCount = 0
  private(set) var reservedByteCount = 0

  mutating func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    if byteCount > freeByteCount {
      let size = unsafe max(2 * (chunks.last?.count ?? 8 << 10), byteCount)
      unsafe chunks.append(.allocate(byteCount: size, alignment: 16))
      freeByteCount = size
      reservedByteCount += size
    }
    defer { freeByteCount -= byteCount }
    // SAFETY: that many bytes are free at the end of the last chunk.
    let chunk = unsafe chunks[chunks.count - 1]
    return unsafe chunk.baseAddress.unsafelyUnwrapped + (chunk.count - freeByteCount)
  }

  deinit { unsafe chunks.forEach { unsafe $0.deallocate() } }
}

func allocateDoubling(large: Int, small: Int, _ observe: (_ reserved: Int) -> Void) {
  var arena = DoublingArena()
  unsafe memset(arena.allocate(large), 1, large)
  observe(arena.reservedByteCount)
  for _ in 0..<200 { unsafe memset(arena.allocate(small), 1, small) }
  observe(arena.reservedByteCount)
}
