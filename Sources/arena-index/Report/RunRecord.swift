import Foundation
import IndexerPipeline
import Synchronization

/// How an addition went, over time: what `add --record` writes and `report --run` draws.
struct RunRecord: Codable {
  /// One moment.
  struct Sample: Codable {
    var seconds: Double
    var documents: Int
    var inputBytes: Int
    var rssAnonBytes: Int
    var workBytes: Int
    var pageBytes: Int
  }

  var index: String
  var documents: Int
  var seconds: Double
  var samples: [Sample]

  /// Reads a record.
  ///
  /// - Throws: ``CommandFailure`` with `badInput` if the file is none.
  static func read(_ path: String) throws(CommandFailure) -> RunRecord {
    let data = try ByteFile.read(path)
    do {
      return try JSONDecoder().decode(RunRecord.self, from: data)
    } catch {
      throw CommandFailure(
        .badInput,
        "\(PathText.shown(path)): this is not the record of a run: \(error.localizedDescription); "
          + "make one with 'add --record FILE'")
    }
  }

  /// Writes it to a file.
  func write(to path: String) throws(CommandFailure) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    // Numbers and text always encode.
    try ByteFile.write((try? encoder.encode(self)) ?? Data(), to: path)
  }
}

/// Takes samples of an addition, at most one each fifty milliseconds.
final class RunRecorder: Sendable {
  private let start = ContinuousClock.now
  private let samples = Mutex<[RunRecord.Sample]>([])

  private static let interval = 0.05

  func add(_ progress: IndexingProgress) {
    let seconds = (ContinuousClock.now - start).inSeconds
    samples.withLock { samples in
      if let last = samples.last, seconds - last.seconds < Self.interval { return }
      samples.append(
        RunRecord.Sample(
          seconds: seconds, documents: progress.documentCount, inputBytes: progress.readByteCount,
          rssAnonBytes: ProcessMemory.current()?.residentAnonymousByteCount ?? 0,
          workBytes: progress.workByteCount, pageBytes: progress.pageByteCount))
    }
  }

  func record(of report: IndexingReport, index: String) -> RunRecord {
    RunRecord(
      index: index, documents: report.documentCount, seconds: report.duration.inSeconds,
      samples: samples.withLock { $0 })
  }
}
