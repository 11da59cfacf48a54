/// Ranges of addresses whose pages take memory when they are first touched.
enum AddressRange {
  /// Maps a range at a multiple of `alignment`, or returns `nil` if the system refuses.
  ///
  /// - Parameters:
  ///   - byteCount: The bytes of the range, whole pages.
  ///   - alignment: A power of two, at least the page size.
  ///   - usesHugePages: Whether to ask the system for huge pages.
  static func map(
    byteCount: Int, alignment: Int, usesHugePages: Bool
  ) -> UnsafeMutableRawPointer? {
    let slack = alignment - Platform.pageByteCount
    let (mappedByteCount, overflow) = byteCount.addingReportingOverflow(slack)
    guard !overflow else { return nil }
    // SAFETY: a new private mapping; what is cut off below is part of it.
    guard let mapping = unsafe Platform.map(byteCount: mappedByteCount) else { return nil }
    let start = UInt(bitPattern: mapping)
    let aligned = Alignment.roundUp(start, to: UInt(alignment))
    let head = Int(aligned - start)
    if head > 0 { unsafe Platform.unmap(mapping, byteCount: head) }
    let range = unsafe mapping + head
    if slack > head { unsafe Platform.unmap(range + byteCount, byteCount: slack - head) }
    if usesHugePages { unsafe Platform.adviseHugePages(range, byteCount: byteCount) }
    return unsafe range
  }

  static func unmap(_ range: UnsafeMutableRawPointer, byteCount: Int) {
    // SAFETY: the caller owns the range and does not use it again.
    unsafe Platform.unmap(range, byteCount: byteCount)
  }

  /// Releases the memory of whole pages between two addresses. The addresses stay usable and read
  /// as zero.
  static func discard(_ start: UInt, to end: UInt) {
    let first = Alignment.roundUp(start, to: UInt(Platform.pageByteCount))
    guard first < end, let pages = unsafe UnsafeMutableRawPointer(bitPattern: first) else { return }
    // SAFETY: the caller owns the addresses and keeps nothing there.
    unsafe Platform.discard(pages, byteCount: Int(end - first))
  }
}
