public import BumpArena
import Foundation
import Synchronization

/// Gives out malloc's memory, counts it, checks that it comes back, and can refuse the n-th
/// request.
public final class CountingChunkSource: ChunkSource {
  private struct State {
    var live: [UInt: Int] = [:]
    var requestCount = 0
    var refusedRequests: Range<Int>
    var misuse: String?
  }

  private let state: Mutex<State>

  /// Creates a source.
  ///
  /// - Parameters:
  ///   - refusedRequest: The request to refuse, counted from one; `nil` refuses none.
  ///   - refusesAllAfter: Whether those after it are refused, too.
  public init(refusing refusedRequest: Int? = nil, andAllAfter refusesAllAfter: Bool = false) {
    let first = refusedRequest ?? .max
    state = Mutex(
      State(refusedRequests: first..<(refusesAllAfter || first == .max ? .max : first + 1)))
  }

  /// Stops refusing requests.
  public func relent() { state.withLock { $0.refusedRequests = .max ..< .max } }

  /// Requests so far, refused ones included.
  public var requestCount: Int { state.withLock { $0.requestCount } }
  /// The bytes of chunks that were not released.
  public var liveByteCount: Int { state.withLock { $0.live.values.reduce(0, +) } }
  /// The number of chunks that were not released.
  public var liveChunkCount: Int { state.withLock { $0.live.count } }
  /// The error, if a chunk was released twice, with another size, or was never obtained.
  public var misuse: String? { state.withLock { $0.misuse } }

  /// Whether an address lies in a chunk that was not released.
  public func contains(_ address: UInt, byteCount: Int) -> Bool {
    state.withLock { state in
      state.live.contains { start, count in
        address >= start && address + UInt(byteCount) <= start + UInt(count)
      }
    }
  }

  /// Returns a chunk filled with a pattern, so that nothing relies on zeros.
  @unsafe
  public func obtainChunk(byteCount: Int) -> UnsafeMutableRawPointer? {
    let isRefused = state.withLock { state in
      state.requestCount += 1
      return state.refusedRequests.contains(state.requestCount)
    }
    guard !isRefused, let chunk = unsafe malloc(byteCount) else { return nil }
    // SAFETY: the chunk has that many bytes.
    unsafe memset(chunk, 0xa5, byteCount)
    let address = UInt(bitPattern: chunk)
    state.withLock { $0.live[address] = byteCount }
    return unsafe chunk
  }

  /// Releases a chunk and overwrites it, so that a use after release is visible.
  @unsafe
  public func releaseChunk(_ chunk: UnsafeMutableRawPointer, byteCount: Int) {
    let address = UInt(bitPattern: chunk)
    let isExpected = state.withLock { state in
      guard state.live.removeValue(forKey: address) == byteCount else {
        state.misuse = "a chunk of \(byteCount) bytes came back that was not out with this size"
        return false
      }
      return true
    }
    guard isExpected else { return }
    // SAFETY: the chunk is ours again.
    unsafe memset(chunk, 0x5a, byteCount)
    unsafe free(chunk)
  }
}
