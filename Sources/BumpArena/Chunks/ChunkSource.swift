/// A source of chunks, which also releases them.
///
/// The default is the process's `malloc`. Tests use a source of their own to refuse the n-th
/// request, or to check that every byte is released.
///
/// The members are called during an allocation, or while a pool's lock is held: they must not use
/// the arena or the pool that they serve.
///
/// - Note: The members deal in raw memory, so a conformance is marked `@unsafe`.
public protocol ChunkSource: AnyObject, Sendable {
  /// Returns `byteCount` bytes of memory aligned to 16 bytes or more, or `nil` if there is none.
  ///
  /// - Parameter byteCount: The number of bytes, greater than zero.
  @unsafe func obtainChunk(byteCount: Int) -> UnsafeMutableRawPointer?

  /// Releases memory that ``obtainChunk(byteCount:)`` returned for the same `byteCount`.
  ///
  /// - Parameters:
  ///   - chunk: The start of the memory.
  ///   - byteCount: The number of bytes it was obtained with.
  @unsafe func releaseChunk(_ chunk: UnsafeMutableRawPointer, byteCount: Int)
}
