import Foundation
import LMDB

extension Pitfall {
  private static let writeCount = 500

  static let longReader = Pitfall(
    name: "long-reader",
    title: "A read transaction that is left open",
    why: """
      LMDB never overwrites a page that a reader may still look at. A snapshot that is left open keeps every page that was replaced since, \
      and the file grows with each write, for as long as it is open.
      """,
    wrong: """
      // let snapshot = try environment.beginRead()   // kept in a session, a cache, a forgotten iterator
      // … every write from here on takes new pages
      """,
    wrongFigures: { try rewrite(whileReading: true) },
    right: """
      import IndexerPipeline

      func answer(_ store: Store, _ id: String) throws -> [UInt8]? {
        try store.document(id, in: "books")  // a snapshot for the call, and no longer
      }
      """,
    rightFigures: { try rewrite(whileReading: false) })

  /// Replaces the same record again and again, and looks at the size of the file.
  private static func rewrite(whileReading isReading: Bool) throws -> [Figure] {
    let path = NSTemporaryDirectory() + "arena-pitfalls-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let environment = try Environment(
      path: path, options: EnvironmentOptions(mapByteCount: 1 << 30, maximumDatabases: 1))
    var transaction = try environment.beginWrite()
    let table = try transaction.createDatabase(named: "table")
    try transaction.commit()

    let key: [UInt8] = [1]
    func write() throws {
      for number in 0..<writeCount {
        let value = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 100_000)
        var transaction = try environment.beginWrite(durability: .dataOnly)
        try transaction.put(key.span, value.span, in: table)
        try transaction.commit()
      }
    }
    if isReading {
      let snapshot = try environment.beginRead()
      try write()
      _ = try snapshot.statistics(of: table)
    } else {
      try write()
    }
    return [
      Figure("one record of 100 kB, replaced", writeCount),
      Figure("pages of the file in use or kept", bytes: environment.information.usedByteCount),
    ]
  }
}
