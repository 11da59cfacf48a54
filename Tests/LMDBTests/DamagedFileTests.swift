import ArenaTestSupport
import Foundation
import LMDB
import Testing

/// Whatever happened to a file that was closed: reading it gives what was written, or an error that
/// names the place.
@Suite struct DamagedFileTests {
  private let directory = TemporaryDirectory()
  private var path: String { directory.file("env") }
  private var file: URL { URL(fileURLWithPath: path + "/data.mdb") }

  private typealias Content = [String: [[UInt8]: [UInt8]]]

  /// Values that lie with their key, and some that have pages of their own.
  private static func value(_ generator: inout SeededGenerator) -> [UInt8] {
    let count = Int.random(in: 0...9, using: &generator) == 0 ? 9_000 : 60
    let byteCount = Int.random(in: 0..<count, using: &generator)
    return (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  /// Makes a file with two tables, of several levels, with pages that are free.
  ///
  /// - Returns: What is in it, and its bytes after each transaction.
  private func makeFile(seed: UInt64) throws -> (content: Content, versions: [Data]) {
    var generator = SeededGenerator(seed: seed)
    var content: Content = ["first": [:], "second": [:]]
    let environment = try Environment(
      path: path, options: EnvironmentOptions(mapByteCount: 64 << 20, maximumDatabases: 2))
    var versions: [Data] = []
    for round in 0..<6 {
      var transaction = try environment.beginWrite()
      for name in content.keys.sorted() {
        let table = try transaction.createDatabase(named: name)
        for _ in 0..<(round == 0 ? 600 : 60) {
          let number = Int.random(in: 0..<900, using: &generator)
          let key = Array("key \(number)".utf8)
          if Int.random(in: 0..<3, using: &generator) == 0 {
            #expect(
              try transaction.delete(key.span, in: table)
                == (content[name]?.removeValue(forKey: key) != nil))
          } else {
            let value = Self.value(&generator)
            try transaction.put(key.span, value.span, in: table)
            content[name]?[key] = value
          }
        }
      }
      try transaction.commit()
      versions.append(try Data(contentsOf: file))
    }
    return (content, versions)
  }

  /// Reads everything in all the ways there are.
  private func read() throws -> Content {
    let environment = try Environment(
      path: path,
      options: EnvironmentOptions(
        mapByteCount: 64 << 20, maximumDatabases: 2, isReadOnly: true, mustExist: true))
    var content: Content = [:]
    for name in ["first", "second"] {
      let table = try environment.openDatabase(named: name)
      let transaction = try environment.beginRead()
      var entries: [[UInt8]: [UInt8]] = [:]
      var cursor = try transaction.cursor(over: table)
      while try cursor.next() {
        let key = unsafe cursor.key.withUnsafeBytes { unsafe Array($0) }
        let value = try cursor.value
        entries[key] = unsafe value.withUnsafeBytes { unsafe Array($0) }
        let found = try transaction.get(key.span, in: table) != nil
        #expect(found)
      }
      content[name] = entries
    }
    return content
  }

  /// Puts other bytes into the file, reads it, and puts back what was there. Returns whether it was
  /// noticed.
  private func isNoticed(
    _ bytes: Data, at offset: Int, of whole: Data, _ content: Content,
    _ damage: @autoclosure () -> String
  ) throws -> Bool {
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    try handle.seek(toOffset: UInt64(offset))
    try handle.write(contentsOf: bytes)
    defer {
      try? handle.seek(toOffset: UInt64(offset))
      try? handle.write(contentsOf: whole[offset..<offset + bytes.count])
    }
    return try isNoticed(content, damage())
  }

  /// Reads the file as it is.
  private func isNoticed(
    _ content: Content, _ damage: @autoclosure () -> String
  ) throws -> Bool {
    do {
      let isSame = try read() == content
      #expect(isSame, "\(damage()): reading gave something else")
      return false
    } catch let error as LMDBError {
      let kinds: Set<LMDBError.Code> = [.corrupted, .notFound]
      #expect(kinds.contains(error.code), "\(damage()): \(error)")
      return true
    }
  }

  private static let caseCount =
    ProcessInfo.processInfo.environment["ARENA_DAMAGE_CASES"].flatMap { Int($0) } ?? 150

  @Test(arguments: SeededGenerator.seeds(2))
  func aByteThatWasChangedIsNoticedOrDoesNotMatter(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (content, versions) = try makeFile(seed: seed)
    let whole = versions[versions.count - 1]
    #expect(try !isNoticed(content, "nothing"))
    var noticedCount = 0
    for _ in 0..<Self.caseCount {
      let offset = Int.random(in: 0..<whole.count, using: &generator)
      let change = UInt8.random(in: 1...255, using: &generator)
      let byte = Data([whole[offset] ^ change])
      if try isNoticed(
        byte, at: offset, of: whole, content, "byte \(offset) ^ \(change), seed \(seed)")
      {
        noticedCount += 1
      }
    }
    // Free pages, and the unused ends of others, do not matter.
    #expect(noticedCount > Self.caseCount / 4)
  }

  @Test func everyByteOfTheMetaPagesThatIsChangedIsNoticedOrDoesNotMatter() throws {
    let (content, versions) = try makeFile(seed: 1)
    let whole = versions[versions.count - 1]
    for page in 0..<2 {
      for offset in 0..<152 {
        for change: UInt8 in [1, 2, 0x10, 0x80, 0xFF] {
          let byte = Data([whole[4096 * page + offset] ^ change])
          _ = try isNoticed(
            byte, at: 4096 * page + offset, of: whole, content,
            "byte \(offset) of page \(page) ^ \(change)")
        }
      }
    }
  }

  @Test(arguments: SeededGenerator.seeds(1))
  func aFileThatWasCutShortIsNoticed(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (content, versions) = try makeFile(seed: seed)
    let whole = versions[versions.count - 1]
    let lengths =
      [0, 1, 152, 4096, 4248, 8191, 8192]
      + (0..<Self.caseCount / 10).map { _ in Int.random(in: 0..<whole.count, using: &generator) }
    for length in lengths {
      try whole.prefix(length).write(to: file)
      // The last pages may be free ones.
      let isNoticed = try isNoticed(content, "cut to \(length)")
      #expect(isNoticed || length > whole.count - 64 * 4096, "cut to \(length)")
    }
  }

  @Test(arguments: SeededGenerator.seeds(2))
  func pagesOfAnotherTimeAreNoticed(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (content, versions) = try makeFile(seed: seed)
    let whole = versions[versions.count - 1]
    for _ in 0..<Self.caseCount {
      let old = versions[Int.random(in: 0..<versions.count - 1, using: &generator)]
      // A meta page from before the last transaction undoes that: no one can tell that it happened.
      let page = Int.random(in: 2..<old.count / 4096, using: &generator)
      let range = page * 4096..<page * 4096 + 4096
      _ = try isNoticed(
        old[range], at: range.lowerBound, of: whole, content,
        "page \(page) of another time, seed \(seed)")
    }
  }

  @Test(arguments: SeededGenerator.seeds(2))
  func pagesThatAreZeroOrInAnotherPlaceAreNoticed(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (content, versions) = try makeFile(seed: seed)
    let whole = versions[versions.count - 1]
    for number in 0..<Self.caseCount {
      let page = Int.random(in: 0..<whole.count / 4096, using: &generator)
      let other = Int.random(in: 0..<whole.count / 4096, using: &generator)
      let replacement =
        number % 2 == 0 ? Data(count: 4096) : whole[other * 4096..<other * 4096 + 4096]
      _ = try isNoticed(
        replacement, at: page * 4096, of: whole, content,
        "page \(page) is page \(other) or zero, seed \(seed)")
    }
  }

  /// LMDB takes the number of pages to free from their header.
  @Test func aWriterDoesNotFreeWhatADamagedHeaderSays() throws {
    let key = Array("key".utf8)
    do {
      let environment = try Environment(
        path: path, options: EnvironmentOptions(mapByteCount: 1 << 20, maximumDatabases: 1))
      var transaction = try environment.beginWrite()
      let table = try transaction.createDatabase(named: "first")
      let value = [UInt8](repeating: 7, count: 9_000)
      try transaction.put(key.span, value.span, in: table)
      try transaction.commit()
    }
    var bytes = try Data(contentsOf: file)
    let page = try #require((2..<bytes.count / 4096).first { bytes[$0 * 4096 + 10] == 4 })
    bytes[page * 4096 + 12] = 200
    try bytes.write(to: file)
    let environment = try Environment(
      path: path, options: EnvironmentOptions(mapByteCount: 1 << 20, maximumDatabases: 1))
    let table = try environment.openDatabase(named: "first")
    var transaction = try environment.beginWrite()
    let deletion = Result { () throws(LMDBError) in
      try transaction.delete(key.span, in: table)
    }
    let value = [UInt8(1)]
    let replacement = Result { () throws(LMDBError) in
      try transaction.put(key.span, value.span, in: table)
    }
    #expect(throws: LMDBError.self) { try deletion.get() }
    #expect(throws: LMDBError.self) { try replacement.get() }
    let check = #expect(throws: LMDBError.self) { try environment.checkPages() }
    #expect(check?.description.contains("page \(page)") == true)
  }
}
