extension BumpArena {
  /// Allocates zeroed bytes at an alignment of the caller's choice: for a cache line, a vector register or
  /// a page, which no Swift type asks for.
  ///
  /// ```swift
  /// let lane = arena.allocate(zeroedByteCount: 256, alignment: 64)
  /// ```
  ///
  /// - Parameters:
  ///   - byteCount: How many bytes. Zero allocates nothing.
  ///   - alignment: What the address of the first byte is to be a multiple of.
  /// - Returns: The bytes, valid until the arena is reset or destroyed.
  /// - Precondition: `byteCount` is not negative, `alignment` is a power of two, and the memory can be
  ///   obtained; see ``tryAllocate(zeroedByteCount:alignment:)`` for the form that throws.
  /// - Complexity: O(`byteCount`), plus one request to the chunk source when the chunk is full.
  @_lifetime(borrow self)
  public borrowing func allocate(zeroedByteCount byteCount: Int, alignment: Int) -> MutableRawSpan {
    do throws(ArenaError) {
      return try tryAllocate(zeroedByteCount: byteCount, alignment: alignment)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Allocates zeroed bytes at an alignment of the caller's choice, or throws.
  ///
  /// - Parameters:
  ///   - byteCount: How many bytes. Zero allocates nothing.
  ///   - alignment: What the address of the first byte is to be a multiple of.
  /// - Returns: The bytes, valid until the arena is reset or destroyed.
  /// - Throws: ``ArenaError`` if the memory is refused or the byte limit would be passed. The arena
  ///   is then unchanged.
  /// - Precondition: `byteCount` is not negative, `alignment` is a power of two.
  /// - Complexity: As of ``allocate(zeroedByteCount:alignment:)``.
  @_lifetime(borrow self)
  public borrowing func tryAllocate(
    zeroedByteCount byteCount: Int, alignment: Int
  ) throws(ArenaError) -> MutableRawSpan {
    precondition(byteCount >= 0, "BumpArena byte count is negative")
    precondition(
      alignment > 0 && alignment & (alignment &- 1) == 0,
      "BumpArena alignment is not a power of two")
    guard byteCount <= Int.max - alignment else { throw .outOfMemory(byteCount: .max) }
    // SAFETY: the bytes are new; an address that is aligned and not null will do for none.
    let start =
      unsafe byteCount == 0
      ? UnsafeMutableRawPointer(bitPattern: alignment).unsafelyUnwrapped
      : try core.allocate(
        byteCount: Alignment.roundUp(byteCount, to: alignment), alignment: alignment)
    unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    return unsafe borrowing(MutableRawSpan(_unsafeStart: start, byteCount: byteCount), from: self)
  }
}
