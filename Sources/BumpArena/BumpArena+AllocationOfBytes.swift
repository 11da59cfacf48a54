extension BumpArena {
  /// Allocates zeroed bytes at a given alignment, such as that of a cache line, a vector register
  /// or a page, which no Swift type has.
  ///
  /// ```swift
  /// let lane = arena.allocate(zeroedByteCount: 256, alignment: 64)
  /// print(lane.count)   // 256
  /// ```
  ///
  /// The allocation takes `byteCount` bytes. Up to `alignment - 1` bytes in front of it are
  /// padding, which counts as live. The first allocation of a chunk has no padding.
  ///
  /// - Parameters:
  ///   - byteCount: The number of bytes. Zero allocates nothing.
  ///   - alignment: The alignment of the first byte.
  /// - Returns: The bytes, valid until the arena is reset or destroyed.
  /// - Precondition: `byteCount` is not negative, and `alignment` is a power of two. Traps if
  ///   memory cannot be allocated; see ``tryAllocate(zeroedByteCount:alignment:)``.
  /// - Complexity: O(`byteCount`), plus one request to the chunk source when the chunk is full.
  @_lifetime(borrow self)
  public borrowing func allocate(
    zeroedByteCount byteCount: Int, alignment: Int
  ) -> ArenaMutableSlice<UInt8> {
    do throws(ArenaError) {
      return try tryAllocate(zeroedByteCount: byteCount, alignment: alignment)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Allocates zeroed bytes at a given alignment, or throws; see
  /// ``allocate(zeroedByteCount:alignment:)``.
  ///
  /// - Parameters:
  ///   - byteCount: The number of bytes. Zero allocates nothing.
  ///   - alignment: The alignment of the first byte.
  /// - Returns: The bytes, valid until the arena is reset or destroyed.
  /// - Throws: ``ArenaError`` if the memory is refused or the byte limit would be exceeded. The
  ///   arena is then unchanged.
  /// - Precondition: `byteCount` is not negative, `alignment` is a power of two.
  /// - Complexity: O(`byteCount`), plus one request to the chunk source when the chunk is full.
  @_lifetime(borrow self)
  public borrowing func tryAllocate(
    zeroedByteCount byteCount: Int, alignment: Int
  ) throws(ArenaError) -> ArenaMutableSlice<UInt8> {
    precondition(byteCount >= 0, "BumpArena: byte count is negative")
    precondition(
      alignment > 0 && alignment & (alignment &- 1) == 0,
      "BumpArena: alignment is not a power of two")
    // SAFETY: the bytes are new. Zero bytes need only an address that is aligned and not null.
    let start =
      unsafe byteCount == 0
      ? UnsafeMutableRawPointer(bitPattern: alignment).unsafelyUnwrapped
      : try core.allocateExactly(byteCount: byteCount, alignment: alignment)
    let bytes = unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    return unsafe slice(of: bytes, count: byteCount)
  }
}
