#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A place that chunks come from and go back to.
///
/// The default is the process's `malloc`. Tests use a source of their own to refuse the n-th
/// request or to check that every byte comes back.
///
/// - Note: The members deal in raw memory, so a conformance is marked `@unsafe`.
public protocol ChunkSource: AnyObject, Sendable {
  /// Returns `byteCount` bytes of memory aligned to 16 bytes or more, or `nil` if there is none.
  ///
  /// - Parameter byteCount: The number of bytes, greater than zero.
  @unsafe func obtainChunk(byteCount: Int) -> UnsafeMutableRawPointer?

  /// Takes back memory that ``obtainChunk(byteCount:)`` returned for the same `byteCount`.
  ///
  /// - Parameters:
  ///   - chunk: The start of the memory.
  ///   - byteCount: The number of bytes it was obtained with.
  @unsafe func releaseChunk(_ chunk: UnsafeMutableRawPointer, byteCount: Int)
}

/// The process's `malloc` and `free`, without going through an existential.
enum SystemChunks {
  static func obtain(byteCount: Int) -> UnsafeMutableRawPointer? {
    // SAFETY: any byte count may be passed to malloc; the caller owns the result.
    unsafe malloc(byteCount)
  }

  /// Makes a chunk larger or smaller; its bytes move along if it has to move. Returns `nil`, and leaves
  /// it alone, if there is no memory.
  ///
  /// For large chunks the usual allocators move pages, not bytes.
  static func resize(_ chunk: UnsafeMutableRawPointer, byteCount: Int) -> UnsafeMutableRawPointer? {
    // SAFETY: `chunk` came from `obtain`; the caller stops using its old address.
    unsafe realloc(chunk, byteCount)
  }

  static func release(_ chunk: UnsafeMutableRawPointer) {
    // SAFETY: `chunk` came from `obtain` and is released once, by the core that owns it.
    unsafe free(chunk)
  }
}
