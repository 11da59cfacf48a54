import Glibc

/// Threads of our own: a write transaction must stay on one, and the cooperative pool must not be
/// blocked.
package enum WorkerThreads {
  private final class Start: Sendable {
    let body: @Sendable (Int) -> Void
    let index: Int

    init(index: Int, body: @escaping @Sendable (Int) -> Void) {
      self.index = index
      self.body = body
    }
  }

  /// Runs `body` on `count` threads, the calling one among them, and returns when all have ended.
  ///
  /// - Parameters:
  ///   - count: How many times to run it; at least once. If the system gives fewer threads, those
  ///     do the work.
  ///   - body: What to run; its parameter counts from zero.
  package static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    var threads: [pthread_t] = []
    for index in 1..<max(1, count) {
      if let thread = start(Start(index: index, body: body)) { threads.append(thread) }
    }
    body(0)
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Runs `body` on a thread of its own, and suspends the task meanwhile.
  package static func result<Success: Sendable>(
    _ body: @escaping @Sendable () throws(IndexerError) -> Success
  ) async -> Result<Success, IndexerError> {
    await withCheckedContinuation { continuation in
      let thread = start(
        Start(index: 0) { _ in
          do throws(IndexerError) {
            continuation.resume(returning: .success(try body()))
          } catch {
            continuation.resume(returning: .failure(error))
          }
        })
      guard let thread else {
        continuation.resume(
          returning: .failure(
            IndexerError(.system(.thread))))
        return
      }
      pthread_detach(thread)
    }
  }

  /// Starts a thread, or returns `nil` if the system gives none.
  private static func start(_ start: Start) -> pthread_t? {
    let reference = unsafe Unmanaged.passRetained(start)
    var thread = pthread_t()
    // SAFETY: the new thread takes over the reference; if there is none, it is given back here.
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        start.body(start.index)
        return nil
      }, reference.toOpaque())
    guard code == 0 else {
      unsafe reference.release()
      return nil
    }
    return thread
  }
}
