import LMDB

/// The indexes that are open, by directory. An environment may be open once in a process, so whoever
/// wants one shares it; it closes when nobody does any more.
final class ConnectionTable: @unchecked Sendable {
  // `@unchecked`: the table is guarded by the monitor.
  private let monitor = Monitor()
  private var connections: [String: WeakConnection] = [:]

  private struct WeakConnection {
    weak var connection: IndexConnection?
  }

  /// The connection to a directory, which `open` makes if there is none.
  func connection(
    to directory: String, opening open: () throws(IndexerError) -> IndexConnection
  ) throws(IndexerError) -> IndexConnection {
    try monitor.withLock { () throws(IndexerError) in
      if let known = connections[directory]?.connection { return known }
      connections = connections.filter { $0.value.connection != nil }
      let connection = try open()
      connections[directory] = WeakConnection(connection: connection)
      return connection
    }
  }

  /// Forgets a directory that is about to go away. Those who use it keep it.
  func forget(_ directory: String) { monitor.withLock { connections[directory] = nil } }
}
