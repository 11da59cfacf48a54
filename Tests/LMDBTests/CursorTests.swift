import ArenaTestSupport
import Foundation
import LMDB
import Testing

/// Cursors and ranges against a sorted array.
@Suite struct CursorTests {
  private let directory = TemporaryDirectory()

  private func copy(_ bytes: Span<UInt8>) -> [UInt8] {
    unsafe bytes.withUnsafeBytes { unsafe Array($0) }
  }

  @Test(arguments: SeededGenerator.seeds(3))
  func cursorsBehaveLikeASortedArray(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let environment = try Environment(
      path: directory.path, options: EnvironmentOptions(mapByteCount: 64 << 20, maximumDatabases: 1)
    )
    var model: [[UInt8]: [UInt8]] = [:]
    var transaction = try environment.beginWrite()
    let database = try transaction.createDatabase(named: "table")
    func key() -> [UInt8] {
      (0..<Int.random(in: 1...3, using: &random)).map { _ in UInt8.random(in: 0..<9, using: &random)
      }
    }
    for _ in 0..<400 {
      let key = key()
      let value = [UInt8](repeating: key[0], count: Int.random(in: 0..<50, using: &random))
      try transaction.put(key.span, value.span, in: database)
      model[key] = value
    }
    for _ in 0..<50 {
      let key = key()
      let wasThere = model.removeValue(forKey: key) != nil
      let deleted = try transaction.delete(key.span, in: database)
      #expect(deleted == wasThere, "seed \(seed)")
    }
    let (low, high) = ([UInt8(3)], [UInt8(4), 5])
    let isInRange = { (key: [UInt8]) in
      !key.lexicographicallyPrecedes(low) && key.lexicographicallyPrecedes(high)
    }
    let inRange = model.keys.filter(isInRange).count
    let deletedFirst = try transaction.delete(
      from: low.span, until: high.span, limit: 10, in: database)
    let deletedRest = try transaction.delete(
      from: low.span, until: high.span, limit: .max, in: database)
    #expect(deletedFirst == min(10, inRange))
    #expect(deletedFirst + deletedRest == inRange)
    model = model.filter { !isInRange($0.key) }
    try transaction.commit()

    let sorted = model.keys.sorted { $0.lexicographicallyPrecedes($1) }
    let reading = try environment.beginRead()
    #expect(try reading.statistics(of: database).entryCount == sorted.count)
    var cursor = try reading.cursor(over: database)
    for key in sorted {
      let isThere = try cursor.next()
      let value = copy(try cursor.value)
      #expect(isThere && copy(cursor.key) == key && value == model[key])
    }
    let isPastEnd = try cursor.next()
    #expect(!isPastEnd)
    for _ in 0..<300 {
      let target = key()
      let after = sorted.first { !$0.lexicographicallyPrecedes(target) }
      let before = sorted.last { !target.lexicographicallyPrecedes($0) }
      let foundAfter = try cursor.seek(atOrAfter: target.span)
      #expect(foundAfter == (after != nil), "seed \(seed)")
      if let after { #expect(copy(cursor.key) == after, "seed \(seed)") }
      let foundBefore = try cursor.seek(atOrBefore: target.span)
      #expect(foundBefore == (before != nil), "seed \(seed)")
      if let before { #expect(copy(cursor.key) == before, "seed \(seed)") }
    }
  }

  @Test func appendedKeysMustComeLast() throws {
    let environment = try Environment(
      path: directory.path, options: EnvironmentOptions(mapByteCount: 1 << 20))
    var transaction = try environment.beginWrite()
    let database = try transaction.createDatabase(named: nil)
    let (one, two) = ([UInt8(1)], [UInt8(2)])
    try transaction.put(two.span, two.span, in: database, isLast: true)
    do {
      try transaction.put(one.span, one.span, in: database, isLast: true)
      Issue.record("accepted a key out of order")
    } catch {
      #expect(error.code == .keyExists)
    }
  }

  @Test func aCursorThatFailedStandsOnNoEntry() throws {
    let environment = try Environment(
      path: directory.path, options: EnvironmentOptions(mapByteCount: 1 << 20))
    var writing = try environment.beginWrite()
    let database = try writing.createDatabase(named: nil)
    let key = [UInt8](repeating: 7, count: 100)
    try writing.put(key.span, key.span, in: database)
    try writing.commit()
    let transaction = try environment.beginRead()
    var cursor = try transaction.cursor(over: database)
    // All pages but the first two, while they are mapped.
    let file = try #require(FileHandle(forUpdatingAtPath: directory.file("data.mdb")))
    let byteCount = Int(try file.seekToEnd())
    try file.seek(toOffset: 8192)
    try file.write(contentsOf: Data(repeating: 0, count: byteCount - 8192))
    do {
      let found = try cursor.seek(atOrAfter: key.span)
      Issue.record("found in a damaged file: \(found)")
    } catch {
      #expect(error.code == .corrupted)
    }
    let (keyByteCount, valueByteCount) = (cursor.key.count, try cursor.value.count)
    #expect(keyByteCount == 0 && valueByteCount == 0)
  }
}
