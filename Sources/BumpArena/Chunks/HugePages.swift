/// Chunks that are backed by huge pages if they are large enough and the system agrees.
///
/// A first touch then costs one page fault for each two mebibytes instead of one for each four
/// kibibytes.
enum HugePages {
  /// The size of a huge page on x86-64 and of one of those of AArch64.
  static let byteCount = 2 << 20

  static func obtain(byteCount: Int) -> UnsafeMutableRawPointer? {
    // SAFETY: small chunks come from malloc, large ones are mappings; `release` distinguishes them
    // in the same way.
    guard byteCount >= Self.byteCount else { return unsafe Platform.allocate(byteCount: byteCount) }
    return unsafe AddressRange.map(
      byteCount: Alignment.roundUp(byteCount, to: Platform.pageByteCount),
      alignment: Self.byteCount, usesHugePages: true)
  }

  static func release(_ chunk: UnsafeMutableRawPointer, byteCount: Int) {
    // SAFETY: as above.
    guard byteCount >= Self.byteCount else { return unsafe Platform.release(chunk) }
    unsafe AddressRange.unmap(
      chunk, byteCount: Alignment.roundUp(byteCount, to: Platform.pageByteCount))
  }
}
