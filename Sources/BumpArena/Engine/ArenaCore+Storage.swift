extension ArenaCore {
  /// Returns uninitialized storage for `count` elements.
  @inlinable @inline(__always)
  package func allocateStorage<Element: ~Copyable>(
    of type: Element.Type, count: Int
  ) throws(ArenaError) -> UnsafeMutablePointer<Element> {
    let byteCount = unsafe try Self.checkedByteCount(of: type, count: count)
    // SAFETY: the bytes are new and aligned for the type; no bytes need no storage.
    guard byteCount > 0 else { return unsafe Self.emptyStorage() }
    return unsafe try allocate(byteCount: byteCount, alignment: MemoryLayout<Element>.alignment)
      .assumingMemoryBound(to: Element.self)
  }

  /// Returns uninitialized storage for `count` elements, or traps if there is none.
  @inlinable @inline(__always)
  package func allocateStorageOrTrap<Element: ~Copyable>(
    of type: Element.Type, count: Int
  ) -> UnsafeMutablePointer<Element> {
    let byteCount = unsafe Self.storageByteCount(of: type, count: count)
    // SAFETY: as above. Without padding, no bytes leave the cursor where it is.
    guard byteCount > 0 || MemoryLayout<Element>.stride == 1 else {
      return unsafe Self.emptyStorage()
    }
    return unsafe allocateOrTrap(byteCount: byteCount, alignment: MemoryLayout<Element>.alignment)
      .assumingMemoryBound(to: Element.self)
  }

  /// The bytes that `count` elements take, or an error if no number of bytes expresses it.
  @inlinable @inline(__always)
  package static func checkedByteCount<Element: ~Copyable>(
    of type: Element.Type, count: Int
  ) throws(ArenaError) -> Int {
    precondition(count >= 0, "BumpArena: element count is negative")
    guard MemoryLayout<Element>.size > 0 else { return 0 }
    let (byteCount, overflow) = count.multipliedReportingOverflow(
      by: MemoryLayout<Element>.stride)
    if overflow { throw .outOfMemory(byteCount: .max) }
    return byteCount
  }

  /// The bytes that `count` elements take, checked for overflow.
  @inlinable @inline(__always)
  package static func storageByteCount<Element: ~Copyable>(
    of type: Element.Type, count: Int
  ) -> Int {
    precondition(count >= 0, "BumpArena: element count is negative")
    guard MemoryLayout<Element>.size > 0 else { return 0 }
    let (byteCount, overflow) = count.multipliedReportingOverflow(
      by: MemoryLayout<Element>.stride)
    precondition(!overflow, "BumpArena: element count overflows the address space")
    return byteCount
  }

  /// The address given to storage without bytes: aligned, not null, never read or written.
  @inlinable @inline(__always)
  package static func emptyStorage<Element: ~Copyable>() -> UnsafeMutablePointer<Element> {
    // SAFETY: an alignment is never zero.
    unsafe UnsafeMutablePointer(bitPattern: MemoryLayout<Element>.alignment).unsafelyUnwrapped
  }
}
