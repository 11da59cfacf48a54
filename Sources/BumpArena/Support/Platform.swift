import Glibc

/// The calls of the C library and the kernel that the arena makes; nothing else of it imports the
/// platform, except ``Lock``.
enum Platform {
  /// The size of a page.
  static let pageByteCount = Int(getpagesize())

  // SAFETY: for every call below, the caller owns the memory, and does not use it after it was
  // released.

  @unsafe
  static func allocate(byteCount: Int) -> UnsafeMutableRawPointer? { unsafe malloc(byteCount) }

  @unsafe
  static func resize(
    _ memory: UnsafeMutableRawPointer, to byteCount: Int
  ) -> UnsafeMutableRawPointer? {
    unsafe realloc(memory, byteCount)
  }

  @unsafe
  static func release(_ memory: UnsafeMutableRawPointer) { unsafe free(memory) }

  /// Maps whole pages, which take memory when they are first touched, or returns `nil` if the
  /// system refuses.
  @unsafe
  static func map(byteCount: Int) -> UnsafeMutableRawPointer? {
    let mapping = unsafe mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    return unsafe mapping == MAP_FAILED ? nil : mapping
  }

  @unsafe
  static func unmap(_ mapping: UnsafeMutableRawPointer, byteCount: Int) {
    unsafe munmap(mapping, byteCount)
  }

  /// Asks for huge pages. A refusal is harmless: the pages are then small.
  @unsafe
  static func adviseHugePages(_ mapping: UnsafeMutableRawPointer, byteCount: Int) {
    unsafe madvise(mapping, byteCount, MADV_HUGEPAGE)
  }

  /// Releases the memory of whole pages. The addresses stay usable and read as zero.
  @unsafe
  static func discard(_ pages: UnsafeMutableRawPointer, byteCount: Int) {
    unsafe madvise(pages, byteCount, MADV_DONTNEED)
  }

  @unsafe
  static func fill(_ memory: UnsafeMutableRawPointer, with byte: UInt8, byteCount: Int) {
    unsafe memset(memory, Int32(byte), byteCount)
  }

  /// The address of a function of the process, or `nil` if there is none.
  @unsafe
  static func symbol(named name: String) -> UnsafeMutableRawPointer? {
    unsafe dlsym(UnsafeMutableRawPointer(bitPattern: 0), name)
  }
}
