import Foundation
import IndexerPipeline
import Synchronization

/// One line that shows how far adding documents has come, redrawn at most ten times a second.
final class ProgressBar: Sendable {
  private let start = ContinuousClock.now
  private let lastDrawn = Mutex(ContinuousClock.Instant?.none)

  private static let interval = Duration.milliseconds(100)
  private static let width = 24

  /// Draws the line, unless it was drawn just now.
  func update(_ progress: IndexingProgress) {
    let now = ContinuousClock.now
    let isDue = lastDrawn.withLock { last in
      if let last, now - last < Self.interval { return false }
      last = now
      return true
    }
    guard isDue else { return }
    var parts = [
      Formatting.plural(progress.documentCount, "document"),
      Formatting.rate(progress.readByteCount, in: now - start),
    ]
    if let memory = ProcessMemory.current() {
      parts.append("\(Formatting.bytes(memory.residentAnonymousByteCount)) resident")
    }
    var bar = ""
    if let total = progress.totalByteCount, total > 0 {
      let done = min(Self.width, progress.readByteCount * Self.width / total)
      bar = String(repeating: "█", count: done) + String(repeating: "░", count: Self.width - done)
      bar += " \(min(100, progress.readByteCount * 100 / total)) %  "
      parts += timeLeft(readByteCount: progress.readByteCount, of: total, after: now - start)
    }
    Terminal.showStatus("\(bar)\(parts.joined(separator: "  "))")
  }

  /// How long it will take at this rate, once that is more than a guess.
  private func timeLeft(
    readByteCount: Int, of totalByteCount: Int, after elapsed: Duration
  ) -> [String] {
    guard elapsed > .seconds(2), readByteCount > 0, readByteCount < totalByteCount else {
      return []
    }
    let part = Double(totalByteCount - readByteCount) / Double(readByteCount)
    return ["\(Formatting.seconds(.seconds(elapsed.inSeconds * part))) left"]
  }

  /// Removes the line.
  func finish() { Terminal.showStatus("") }
}
