import ArgumentParser
import Dispatch
import Foundation
import IndexerPipeline

/// Turns the first SIGINT or SIGTERM into a cancellation; the second one ends the program.
final class Interrupt {
  let cancellation = IndexingCancellation()
  private var sources: [any DispatchSourceSignal] = []

  init() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      let cancellation = cancellation
      source.setEventHandler {
        if cancellation.isCancelled { exit(128 + number) }
        cancellation.cancel()
      }
      source.activate()
      sources.append(source)
    }
  }

  /// Runs something that can be cancelled. If it was, says what is there now and ends the program like the signal would.
  func run<Result>(
    orSay state: String, _ body: (IndexingCancellation) throws(IndexerError) -> Result
  ) throws -> Result {
    do throws(IndexerError) {
      return try body(cancellation)
    } catch {
      guard error.code == .cancelled, cancellation.isCancelled else { throw error }
      Terminal.showStatus("")
      Terminal.printError("arena-index: interrupted; \(state)")
      throw ExitCode(128 + SIGINT)
    }
  }
}
