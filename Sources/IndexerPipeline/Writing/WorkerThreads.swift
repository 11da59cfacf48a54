#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Threads of our own: a write transaction must stay on one, and the cooperative pool must not be
/// blocked.
enum WorkerThreads {
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
  static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    var threads: [pthread_t] = []
    for index in 1..<max(1, count) {
      let start = unsafe Unmanaged.passRetained(Start(index: index, body: body))
      var thread = pthread_t()
      // SAFETY: the new thread takes over the reference; if there is none, it is given back here.
      let code = unsafe pthread_create(
        &thread, nil,
        { argument in
          guard let argument = unsafe argument else { return nil }
          let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
          start.body(start.index)
          return nil
        }, start.toOpaque())
      if code == 0 { threads.append(thread) } else { unsafe start.release() }
    }
    body(0)
    for thread in threads { pthread_join(thread, nil) }
  }
}
