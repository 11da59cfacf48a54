import ArenaTestSupport
import Testing

@testable import IndexerPipeline

@Suite struct DocumentReaderTests {
  /// The documents of an input, each with its line.
  private func read(
    _ text: String, _ format: InputFormat = .auto, blockByteCount: Int = 1 << 20,
    maximum: Int = 1 << 20
  ) throws -> [String] {
    try read(Array(text.utf8), format, blockByteCount: blockByteCount, maximum: maximum)
  }

  private func read(
    _ bytes: [UInt8], _ format: InputFormat, blockByteCount: Int, maximum: Int
  ) throws -> [String] {
    var reader = try DocumentReader(
      [NamedInput(.bytes(bytes, name: "input"), format: format)],
      limits: DocumentReader.Limits(
        blockByteCount: blockByteCount, maximumDocumentByteCount: maximum))
    var block = InputBlock()
    var found: [String] = []
    var sequence = 0
    while try reader.nextBlock(into: &block) {
      #expect(block.sequence == sequence)
      sequence += 1
      for range in block.documents {
        let bytes = block.bytes.extracting(
          range.byteOffset..<range.byteOffset + range.byteCount)
        found.append("\(range.line): \(String(decoding: bytes))")
      }
    }
    #expect(reader.readByteCount == bytes.count)
    return found
  }

  @Test(
    arguments: [
      ("", InputFormat.auto, []),
      ("\n\n  \n", .auto, []),
      ("{\"a\":1}", .auto, ["1: {\"a\":1}"]),
      ("{\"a\":1}\n{\"a\":2}\n", .auto, ["1: {\"a\":1}", "2: {\"a\":2}"]),
      ("{\"a\":1}\r\n\r\n{\"a\":2}\r\n", .ndjson, ["1: {\"a\":1}", "3: {\"a\":2}"]),
      ("\u{feff}{\"a\":1}\n", .ndjson, ["1: {\"a\":1}"]),
      ("\u{feff}[{\"a\":1}]", .auto, ["1: {\"a\":1}"]),
      ("[]", .auto, []), (" [ ] ", .json, []),
      ("[{\"a\":\"]},[\"},\n {\"b\":{}}]", .auto, ["1: {\"a\":\"]},[\"}", "2: {\"b\":{}}"]),
      ("[{\"a\":\"\\\"}\\\\\"},{}]", .auto, ["1: {\"a\":\"\\\"}\\\\\"}", "1: {}"]),
      ("{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n", .auto, ["1: {\n \"a\": 1\n}", "4: {\n \"a\": 2\n}"]),
      ("{\"a\":1}{\"a\":2}", .json, ["1: {\"a\":1}", "1: {\"a\":2}"]),
      ("[1, \"two\", [3]]", .json, ["1: 1", "1: \"two\"", "1: [3]"]),
      ("{\"a\":1}\ngarbage\n{\"a\":2}", .ndjson, ["1: {\"a\":1}", "2: garbage", "3: {\"a\":2}"]),
      ("{\"a\":1}\n{\"a\":", .ndjson, ["1: {\"a\":1}", "2: {\"a\":"]),
    ] as [(String, InputFormat, [String])])
  func inputIsCutIntoDocuments(text: String, format: InputFormat, expected: [String]) throws {
    #expect(try read(text, format) == expected)
  }

  @Test func theSizeOfBlocksDoesNotMatter() throws {
    let inputs = [
      "{\"a\":\"\\\"]\"}\n\n{\"b\":[1,{\"c\":\"x\"}]}\r\n{\"d\":\"é日\"}",
      "[{\"a\":\"\\\\\"} ,\n{\"b\":[1,{\"c\":\"}\"}]}\n,{\"d\":\"é日\"}] \n",
      "{ \"a\" : 1 }\n{\n\"b\" : [\n]}\n\n{\"c\":\"\\\\\\\"\"}",
    ]
    for text in inputs {
      for format in [InputFormat.auto, .json, .ndjson] {
        guard let whole = try? read(text, format) else { continue }
        for size in 1..<text.utf8.count + 2 where format != .auto {
          #expect(try read(text, format, blockByteCount: size) == whole, "\(size): \(text)")
        }
      }
    }
  }

  @Test(arguments: [
    ("[{\"a\":1}", "input:1: the array is not closed"),
    ("[{\"a\":1}\n{\"a\":2}]", "input:2: found '{' where ',' or ']' belongs"),
    (
      "[{\"a\":1}]\n\n{\"a\":2}",
      "input:3: found '{' where nothing after the end of the array belongs"
    ),
    ("[,{\"a\":1}]", "input:1: found ',' where an element of the array belongs"),
    ("[{\"a\":1},]", "input:1: found ']' where an element of the array belongs"),
    ("{\"a\":1},\n{\"a\":2}", "input:1: found ',' where an object belongs"),
    ("{\n}\n}", "input:3: found '}' where an object belongs"),
  ])
  func brokenArraysAreNamedWithTheirLine(text: String, message: String) {
    let error = #expect(throws: IndexerError.self) { _ = try read(text, .json) }
    #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
  }

  @Test func aDocumentOverTheLimitIsNamedWithItsLine() {
    let text = "{\"a\":1}\n{\"a\":\"\(String(repeating: "x", count: 5_000))\"}\n"
    let error = #expect(throws: IndexerError.self) {
      _ = try read(text, .ndjson, blockByteCount: 100, maximum: 1_000)
    }
    #expect(error?.place == "input:2")
  }

  @Test func theLimitOfADocumentIsExact() throws {
    for blockByteCount in [1, 7, 64, 100, 1_000] {
      for format in [InputFormat.json, .ndjson] {
        for excess in -1...1 {
          let document = "{\"a\":\"\(String(repeating: "x", count: 92 + excess))\"}"
          let text = "{}\n" + document + "\n{}"
          func found() throws -> Int {
            try read(text, format, blockByteCount: blockByteCount, maximum: 100).count
          }
          if excess <= 0 {
            #expect(try found() == 3)
          } else {
            let error = #expect(throws: IndexerError.self) { _ = try found() }
            #expect(error?.place == "input:2", "\(format) in blocks of \(blockByteCount) bytes")
          }
        }
      }
    }
  }

  @Test func blankSpaceLongerThanAnyDocumentIsPassedOver() throws {
    let space = String(repeating: " \n", count: 5_000)
    for format in [InputFormat.json, .ndjson] {
      #expect(
        try read("{}\n\(space){\"a\":1}", format, blockByteCount: 100, maximum: 100)
          == ["1: {}", "5002: {\"a\":1}"])
    }
  }

  @Test func utf16IsRefused() {
    let error = #expect(throws: IndexerError.self) {
      _ = try read([0xff, 0xfe, 0x7b, 0x00], .auto, blockByteCount: 100, maximum: 100)
    }
    #expect(error?.problem.contains("UTF-16") == true)
  }

  @Test func filesThatCannotBeReadAreNamed() {
    let directory = TemporaryDirectory()
    for (path, problem) in [
      (directory.file("missing"), "No such file"), (directory.path, "directory"),
    ] {
      let error = #expect(throws: IndexerError.self) {
        _ = try DocumentReader(
          [NamedInput(.file(path), format: .auto)],
          limits: DocumentReader.Limits(blockByteCount: 100, maximumDocumentByteCount: 100))
      }
      #expect(error?.place == path)
      #expect(error?.problem.contains(problem) == true)
    }
  }

  @Test func aProblemIsOfTheBlockThatWouldHaveComeNext() throws {
    let inputs = ["{}", "{}", "[x,", "{}"].enumerated().map { index, text in
      NamedInput(.bytes(Array(text.utf8), name: "\(index)"), format: .json)
    }
    let reader = try DocumentReader(
      inputs,
      limits: DocumentReader.Limits(blockByteCount: 100, maximumDocumentByteCount: 100))
    let queue = BlockQueue(reader, first: nil, for: IndexerConfiguration())
    var block = InputBlock()
    for sequence in 0..<2 {
      #expect(try queue.next(into: &block))
      #expect(block.sequence == sequence)
    }
    // Of another worker, which has had none.
    var other = InputBlock()
    do {
      _ = try queue.next(into: &other)
      Issue.record("read what is no array")
    } catch {
      #expect(error.place == "2:1")
      #expect(other.sequence == 2)
    }
    // What comes after it is not read.
    #expect(try !queue.next(into: &block))
  }
}
