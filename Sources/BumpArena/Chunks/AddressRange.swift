import Glibc

/// Ranges of addresses that take memory when they are first touched, page by page.
enum AddressRange {
  static let pageByteCount = Int(getpagesize())

  /// Maps a range at a multiple of `alignment`, or returns `nil` if the system refuses.
  ///
  /// - Parameters:
  ///   - byteCount: The bytes of the range, whole pages.
  ///   - alignment: A power of two, at least the page size.
  ///   - usesHugePages: Whether the system is asked to back it with huge pages.
  static func map(
    byteCount: Int, alignment: Int, usesHugePages: Bool
  ) -> UnsafeMutableRawPointer? {
    let slack = alignment - pageByteCount
    let (mappedByteCount, overflow) = byteCount.addingReportingOverflow(slack)
    guard !overflow else { return nil }
    // SAFETY: a new private mapping; what is cut off below is part of it.
    let mapping = unsafe mmap(
      nil, mappedByteCount, PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else { return nil }
    let start = UInt(bitPattern: mapping)
    let aligned = Alignment.roundUp(start, to: UInt(alignment))
    let head = Int(aligned - start)
    if head > 0 { unsafe munmap(mapping, head) }
    let range = unsafe mapping + head
    if slack > head { unsafe munmap(range + byteCount, slack - head) }
    // A refusal is no harm: the pages are small then.
    if usesHugePages { unsafe madvise(range, byteCount, MADV_HUGEPAGE) }
    return unsafe range
  }

  static func unmap(_ range: UnsafeMutableRawPointer, byteCount: Int) {
    // SAFETY: the caller owns the range and does not use it again.
    unsafe munmap(range, byteCount)
  }

  /// Gives the memory behind whole pages between two addresses back. The addresses stay usable and
  /// read as zero.
  static func discard(_ start: UInt, to end: UInt) {
    let first = Alignment.roundUp(start, to: UInt(pageByteCount))
    guard first < end else { return }
    // SAFETY: the caller owns the addresses and keeps nothing there.
    unsafe madvise(UnsafeMutableRawPointer(bitPattern: first), Int(end - first), MADV_DONTNEED)
  }
}
