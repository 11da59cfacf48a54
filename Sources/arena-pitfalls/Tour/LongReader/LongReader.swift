import Foundation
import LMDB

extension Pitfall {
  private static let writeCount = 500
  private static let recordByteCount = 100_000
  private static let key: [UInt8] = [1]

  static let longReader = Pitfall(
    name: "long-reader",
    fileName: "LongReader",
    title: "A read transaction that is left open",
    why: """
      LMDB never overwrites a page that a reader may still look at. A snapshot that is left open keeps every page that was replaced since, and the file \
      grows with each write, for as long as it is open. When it ends, those pages are used again, but the file does not shrink: only \
      writing its content anew into another file does that (`arena-index compact`).
      """,
    question:
      "One record of 100 kB is replaced 500 times. How large is the file, with a reader that stays and with readers that come and go? And after the reader has gone?",
    given: ["one record of 100 kB, replaced 500 times", "then, without a reader, 500 times again"],
    measure: { half, _ in
      try withTemporaryDirectory { directory in
        let environment = try open(directory + "/index")
        let table = try makeTable(in: environment)
        func write(_ number: Int) throws { try put(number, into: table, of: environment) }
        switch half {
        case .wrong: try readForLong(table, of: environment, writes: writeCount, write: write)
        case .right: try readBriefly(table, of: environment, writes: writeCount, write: write)
        }
        let used = environment.information.usedByteCount
        for number in 0..<writeCount { try write(number) }
        let compact = try open(directory + "/compact")
        try put(writeCount, into: makeTable(in: compact), of: compact)
        return [
          Figure("pages of the file, in use or kept", bytes: used),
          Figure(
            "when the reader has gone, and as many writes later",
            bytes: environment.information.usedByteCount),
          Figure(
            "the same content in a new file", bytes: compact.information.usedByteCount),
        ]
      }
    },
    verdict: { outcome in
      let first = "pages of the file, in use or kept"
      let later = "when the reader has gone, and as many writes later"
      let wrong = try outcome.number(.wrong, first)
      let right = try outcome.number(.right, first)
      let gone = try outcome.number(.wrong, later)
      guard wrong > 10 * right, gone >= wrong else {
        return .notShown("the file had \(wrong) bytes with a long reader, \(right) without")
      }
      return .shown(
        """
        \(try outcome.text(.wrong, first)) against \(try outcome.text(.right, first)). After the reader has gone, 500 writes more fit into what is \
        there, but it stays at \(try outcome.text(.wrong, later)), while a new file with the same content has \
        \(try outcome.text(.wrong, "the same content in a new file")).
        """)
    },
    help: """
      It cannot limit how long a snapshot lives, but it does keep the bytes that were read from outliving their transaction, or the next write. `Store` \
      of IndexerPipeline takes a snapshot for each call, so that there is none to forget.
      """,
    exercise:
      "Let the reader of the wrong code be renewed every 50 writes. Predict how large the file gets, then measure it."
  )

  private static func open(_ path: String) throws -> Environment {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return try Environment(
      path: path, options: EnvironmentOptions(mapByteCount: 1 << 30, maximumDatabases: 1))
  }

  private static func makeTable(in environment: Environment) throws -> Database {
    var transaction = try environment.beginWrite()
    let table = try transaction.createDatabase(named: "table")
    try transaction.commit()
    return table
  }

  private static func put(
    _ number: Int, into table: Database, of environment: Environment
  ) throws {
    let value = [UInt8](
      repeating: UInt8(truncatingIfNeeded: number), count: recordByteCount)
    var transaction = try environment.beginWrite(durability: .dataOnly)
    try transaction.put(key.span, value.span, in: table)
    try transaction.commit()
  }
}
