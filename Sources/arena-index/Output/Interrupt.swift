import Foundation
import IndexerPipeline
import Synchronization

/// Turns the first SIGINT or SIGTERM into a cancellation; the second one ends the program.
///
/// A thread waits for them, and all others block them: those that the caller starts later inherit
/// that.
final class Interrupt: Sendable {
  let cancellation: IndexingCancellation
  private let signal: SignalNumber

  /// What the thread shares with all others.
  private final class SignalNumber: Sendable {
    let value = Atomic(SIGINT)
  }

  /// The exit code of a program that the signal has ended.
  var exitCode: Int32 { 128 + signal.value.load(ordering: .relaxed) }

  init() {
    var signals = sigset_t()
    // SAFETY: the calls read and write the local set only.
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let (cancellation, signal, waitedFor) = (IndexingCancellation(), SignalNumber(), signals)
    self.cancellation = cancellation
    self.signal = signal
    let thread = Thread {
      var signals = waitedFor
      var number: Int32 = 0
      // SAFETY: as above.
      while unsafe sigwait(&signals, &number) == 0 {
        if cancellation.isCancelled { exit(128 + number) }
        signal.value.store(number, ordering: .relaxed)
        cancellation.cancel()
      }
    }
    // Address space may be short.
    thread.stackSize = 256 << 10
    thread.start()
  }

  /// Runs something that can be cancelled. If it was, says what is there now and ends the program
  /// like the signal would.
  func run<Result>(
    orSay state: TerminalText, _ body: (IndexingCancellation) throws(IndexerError) -> Result
  ) throws -> Result {
    do throws(IndexerError) {
      return try body(cancellation)
    } catch {
      guard error.code == .cancelled, cancellation.isCancelled else { throw error }
      Terminal.showStatus("")
      throw CommandFailure(exitCode, "interrupted; \(state)")
    }
  }
}
