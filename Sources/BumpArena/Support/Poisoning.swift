/// Makes uses of memory that is not allocated visible.
///
/// AddressSanitizer reports a use of such memory, which is poisoned. A debug build fills memory
/// with a pattern when the arena reclaims it, so that stale bytes are recognizable.
enum Poisoning {
  private typealias Region = @convention(c) (UnsafeRawPointer?, Int) -> Void

  private static let poisonRegion = unsafe lookUp("__asan_poison_memory_region")
  private static let unpoisonRegion = unsafe lookUp("__asan_unpoison_memory_region")

  /// Whether the process runs under AddressSanitizer. Each allocation then takes the slow path.
  static let isActive = unsafe poisonRegion != nil && unpoisonRegion != nil

  /// The byte that a debug build fills reclaimed memory with.
  static let reclaimedByte: UInt8 = 0xdb

  private static func lookUp(_ name: String) -> Region? {
    // SAFETY: the sanitizer's interface gives these functions this signature.
    guard let symbol = unsafe Platform.symbol(named: name) else {
      return nil
    }
    return unsafe unsafeBitCast(symbol, to: Region.self)
  }

  /// Marks memory as not allocated.
  static func poison(_ start: UInt, to end: UInt) {
    guard isActive, start < end else { return }
    // SAFETY: the caller owns the memory.
    unsafe poisonRegion?(UnsafeRawPointer(bitPattern: start), Int(end - start))
  }

  /// Marks memory as allocated.
  static func unpoison(_ start: UInt, to end: UInt) {
    guard isActive, start < end else { return }
    // SAFETY: the caller owns the memory.
    unsafe unpoisonRegion?(UnsafeRawPointer(bitPattern: start), Int(end - start))
  }

  /// Marks allocated memory as reclaimed.
  static func reclaim(_ start: UInt, to end: UInt) {
    #if DEBUG
    if start < end, let memory = unsafe UnsafeMutableRawPointer(bitPattern: start) {
      // The memory may hold padding, which is poisoned.
      unpoison(start, to: end)
      // SAFETY: the caller owns the memory, and nothing uses its content any more.
      unsafe Platform.fill(memory, with: reclaimedByte, byteCount: Int(end - start))
    }
    #endif
    poison(start, to: end)
  }
}
