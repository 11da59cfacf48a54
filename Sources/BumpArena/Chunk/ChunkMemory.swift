#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Obtains and releases the memory of chunks, whatever it comes from.
enum ChunkMemory {
  static func obtain(
    byteCount: Int, from memory: BumpArena.Configuration.Memory
  ) -> UnsafeMutableRawPointer? {
    // SAFETY: the byte count is positive: chunks are never smaller than their header.
    switch memory {
    case .malloc: return unsafe malloc(byteCount)
    case .hugePages: return unsafe HugePages.obtain(byteCount: byteCount)
    case .source(let source):
      let chunk = unsafe source.obtainChunk(byteCount: byteCount)
      precondition(
        UInt(bitPattern: chunk) % UInt(ChunkSizing.guaranteedAlignment) == 0,
        "ChunkSource returned memory that is not aligned to 16 bytes")
      return unsafe chunk
    // The whole range is the first chunk; there are no others.
    case .addressRange: return nil
    }
  }

  /// Makes a chunk larger or smaller; its bytes move along if it has to move. Returns `nil`, and
  /// leaves it alone, if there is no memory.
  ///
  /// For large chunks the usual allocators move pages, not bytes. Chunks from elsewhere than malloc
  /// cannot be resized.
  static func resize(
    _ chunk: UnsafeMutableRawPointer, byteCount: Int, from memory: BumpArena.Configuration.Memory
  ) -> UnsafeMutableRawPointer? {
    guard case .malloc = memory else { return nil }
    // SAFETY: `chunk` came from `malloc`; the caller stops using its old address.
    return unsafe realloc(chunk, byteCount)
  }

  static func release(
    _ chunk: UnsafeMutableRawPointer, byteCount: Int, to memory: BumpArena.Configuration.Memory
  ) {
    // SAFETY: `chunk` came from the same memory with the same size, and is released once, by the core
    // that owns it.
    switch memory {
    case .malloc: unsafe free(chunk)
    case .hugePages: unsafe HugePages.release(chunk, byteCount: byteCount)
    case .source(let source): unsafe source.releaseChunk(chunk, byteCount: byteCount)
    case .addressRange: break
    }
  }
}
