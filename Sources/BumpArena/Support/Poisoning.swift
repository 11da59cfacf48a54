/// Makes uses of memory that is not allocated visible.
///
/// Under AddressSanitizer such memory is poisoned, so that the use itself is reported. In a debug
/// build it is filled with a pattern when it is taken back, so that stale bytes look like what they
/// are.
enum Poisoning {
  private typealias Region = @convention(c) (UnsafeRawPointer?, Int) -> Void

  private static let poisonRegion = unsafe lookUp("__asan_poison_memory_region")
  private static let unpoisonRegion = unsafe lookUp("__asan_unpoison_memory_region")

  /// Whether the process runs under AddressSanitizer. Each allocation is then seen by the slow path.
  static let isActive = unsafe poisonRegion != nil && unpoisonRegion != nil

  /// What a debug build fills memory with when it is taken back.
  static let takenBack: UInt8 = 0xdb

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

  /// Marks memory that was allocated as taken back.
  static func takeBack(_ start: UInt, to end: UInt) {
    #if DEBUG
    if start < end, let memory = unsafe UnsafeMutableRawPointer(bitPattern: start) {
      // The memory may hold padding, which is poisoned.
      unpoison(start, to: end)
      // SAFETY: the caller owns the memory, and nothing in it is used any more.
      unsafe Platform.fill(memory, with: takenBack, byteCount: Int(end - start))
    }
    #endif
    poison(start, to: end)
  }
}
