import ArgumentParser
import Foundation
import IndexerPipeline

/// Turns the first SIGINT or SIGTERM into a cancellation; the second one ends the program.
///
/// A thread waits for them, and all others block them: those that the caller starts later inherit that.
final class Interrupt: Sendable {
  let cancellation = IndexingCancellation()

  init() {
    var signals = sigset_t()
    // SAFETY: the calls read and write the local set only.
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let (cancellation, waitedFor) = (cancellation, signals)
    let thread = Thread {
      var signals = waitedFor
      var number: Int32 = 0
      // SAFETY: as above.
      while unsafe sigwait(&signals, &number) == 0 {
        if cancellation.isCancelled { exit(128 + number) }
        cancellation.cancel()
      }
    }
    // Address space may be short.
    thread.stackSize = 256 << 10
    thread.start()
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
