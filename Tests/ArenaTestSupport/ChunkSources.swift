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

  /// Refuses nothing any more.
  public func relent() { state.withLock { $0.refusedRequests = .max ..< .max } }

  /// Requests so far, refused ones included.
  public var requestCount: Int { state.withLock { $0.requestCount } }
  /// Bytes that have not come back.
  public var liveByteCount: Int { state.withLock { $0.live.values.reduce(0, +) } }
  /// Chunks that have not come back.
  public var liveChunkCount: Int { state.withLock { $0.live.count } }
  /// What went wrong, if a chunk came back twice, with another size, or from elsewhere.
  public var misuse: String? { state.withLock { $0.misuse } }

  /// Whether an address lies in memory that is out.
  public func contains(_ address: UInt, byteCount: Int) -> Bool {
    state.withLock { state in
      state.live.contains { start, count in
        address >= start && address + UInt(byteCount) <= start + UInt(count)
      }
    }
  }

  /// Gives out a chunk filled with a pattern, so that nothing relies on zeros.
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

  /// Takes a chunk back and overwrites it, so that a use after release shows.
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
