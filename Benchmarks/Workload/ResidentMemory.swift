import Foundation
import Synchronization

/// Reads the resident anonymous memory of this process without allocating anything: an allocator
/// that gives back when it is called must not be called by the one who looks.
struct ResidentMemory: ~Copyable {
  private let descriptor: Int32
  private var text = [UInt8](repeating: 0, count: 8192)
  private let name = Array("RssAnon:".utf8)

  init() {
    // SAFETY: the path is passed as a C string for the duration of the call.
    descriptor = unsafe open("/proc/self/status", O_RDONLY | O_CLOEXEC)
  }

  deinit { close(descriptor) }

  /// The bytes now, or 0 if the system does not tell.
  mutating func read() -> Int {
    let descriptor = descriptor
    // SAFETY: as many bytes are asked for as there is room for.
    let count = unsafe text.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
    }
    guard count > name.count else { return 0 }
    var index = 0
    search: while index + name.count < count {
      for offset in name.indices where text[index + offset] != name[offset] {
        index += 1
        continue search
      }
      break
    }
    var kilobytes = 0
    for byte in text[min(index + name.count, count)..<count] where byte != 0x20 && byte != 0x09 {
      guard 0x30...0x39 ~= byte else { break }
      kilobytes = kilobytes * 10 + Int(byte - 0x30)
    }
    return kilobytes << 10
  }
}

/// Looks at the resident memory a hundred times a second, and keeps every tenth value.
final class ResidentSampler: Sendable {
  private struct State {
    var highest = 0
    var samples: [(seconds: Double, byteCount: Int)] = []
    var isEnded = false
  }

  private let state = Mutex(State())
  private let start: ContinuousClock.Instant

  /// Begins to look.
  init(since start: ContinuousClock.Instant) {
    self.start = start
    state.withLock { $0.samples.reserveCapacity(100_000) }
    Thread.detachNewThread { self.watch() }
  }

  /// The seconds that have gone by.
  var seconds: Double {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return Double(seconds) + Double(attoseconds) / 1e18
  }

  private func watch() {
    var memory = ResidentMemory()
    var count = 0
    while true {
      let (now, seconds) = (memory.read(), seconds)
      let isEnded = state.withLock { state in
        state.highest = max(state.highest, now)
        if count % 10 == 0, state.samples.count < state.samples.capacity {
          state.samples.append((seconds, now))
        }
        return state.isEnded
      }
      if isEnded { return }
      count += 1
      usleep(10_000)
    }
  }

  /// The peak since the last call.
  func takePeak(_ now: Int) -> Int {
    state.withLock { state in
      defer { state.highest = now }
      return max(state.highest, now)
    }
  }

  /// Stops looking, and returns what was seen.
  func end() -> [(seconds: Double, byteCount: Int)] {
    state.withLock { state in
      state.isEnded = true
      return state.samples
    }
  }
}
