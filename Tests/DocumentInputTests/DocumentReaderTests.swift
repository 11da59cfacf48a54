import ArenaTestSupport
import Foundation
import Testing

@_spi(Internals) @testable import DocumentInput
@_spi(Internals) @testable import SystemSupport

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
        let problem = block.problems[range.byteOffset]?.description
        found.append("\(range.line): \(problem ?? String(decoding: bytes))")
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
      // What wrote lines has left out where one ends.
      ("{\"a\":1}{\"a\":2}", .ndjson, ["1: {\"a\":1}", "1: {\"a\":2}"]),
      ("{\"a\":1}{\"a\":2}", .auto, ["1: {\"a\":1}", "1: {\"a\":2}"]),
      (
        "{\"a\":1}\n{\"a\":{\"}{\":2}} {\"a\":3}\t{\"a\":4}x\r\n{}", .auto,
        [
          "1: {\"a\":1}", "2: {\"a\":{\"}{\":2}}", "2: {\"a\":3}", "2: {\"a\":4}x",
          "3: {}",
        ]
      ),
      (
        "{\"a\":\"}{\"}\n{\"a\":[{},{}]} x {\n{}x{}", .ndjson,
        [
          "1: {\"a\":\"}{\"}", "2: {\"a\":[{},{}]} x {", "3: {}x{}",
        ]
      ),
      ("{\"a\":1}\r{\"a\":2}\r", .ndjson, ["1: {\"a\":1}", "1: {\"a\":2}"]),
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
        for size in 1..<text.utf8.count + 2 {
          #expect(try read(text, format, blockByteCount: size) == whole, "\(size): \(text)")
        }
      }
    }
  }

  @Test(
    arguments: [
      ("[{\"a\":1}", 1, .arrayWithoutEnd),
      ("[{\"a\":1}\n{\"a\":2}]", 2, found("{", insteadOf: .commaOrEnd)),
      ("[{\"a\":1}]\n\n{\"a\":2}", 3, found("{", insteadOf: .nothing)),
      ("[,{\"a\":1}]", 1, found(",", insteadOf: .element)),
      ("[{\"a\":1},]", 1, found("]", insteadOf: .element)),
      ("{\"a\":1},\n{\"a\":2}", 1, found(",", insteadOf: .object)),
      ("{\n}\n}", 3, found("}", insteadOf: .object)),
    ] as [(String, Int, IndexerError.InputProblem)])
  func brokenArraysAreNamedWithTheirLine(
    text: String, line: Int, problem: IndexerError.InputProblem
  ) {
    let error = #expect(throws: IndexerError.self) { _ = try read(text, .json) }
    #expect(error == IndexerError(.input(problem), at: .init(source: "input", line: line)))
  }

  private static func found(
    _ character: Character, insteadOf expected: IndexerError.ExpectedValue
  ) -> IndexerError.InputProblem {
    .unexpectedByte(character.asciiValue ?? 0, expected: expected)
  }

  /// One of them may be bad, too, and is then the one to name.
  @Test func whatComesBeforeABrokenPlaceIsRead() throws {
    var reader = try DocumentReader(
      [NamedInput(.bytes(Array("[{\"a\":1},\n{x}\n{}]".utf8), name: "input"), format: .json)],
      limits: DocumentReader.Limits(blockByteCount: 100, maximumDocumentByteCount: 100))
    var block = InputBlock()
    #expect(try reader.nextBlock(into: &block))
    #expect(block.documents.map(\.line) == [1, 2])
    for _ in 0..<2 {
      do {
        _ = try reader.nextBlock(into: &block)
        Issue.record("read on")
      } catch {
        #expect(error.location == .init(source: "input", line: 3))
        #expect(block.sequence == 1)
      }
    }
  }

  @Test func aDocumentOverTheLimitIsABadOneAndTheOthersAreRead() throws {
    let long = String(repeating: "x{\\\"", count: 1_250)
    let texts: [(String, InputFormat)] = [
      ("{\"a\":1}\n{\"a\":\"\(long)\"}\n{\"b\":2}", .ndjson),
      ("{\"a\":1}\n{\"a\":\"\(long)\"}\n{\"b\":2}", .json),
      ("[{\"a\":1},\n{\"a\":\"\(long)\"}\n,{\"b\":2}]", .json),
      ("[{\"a\":1},\n\"\(long)\",\n{\"b\":2}]", .json),
      ("{\"a\":1}\n{\"a\":[{\n\"c\":\"\(long)\"}]}{\"b\":2}", .json),
    ]
    for (text, format) in texts {
      let line = text.contains("[{\n") || text.contains("\n{\"b\"") || text.contains("\n,") ? 3 : 2
      let expected = [
        "1: {\"a\":1}", "2: a document of more than 1000 bytes", "\(line): {\"b\":2}",
      ]
      for size in [1, 7, 100, 1_000, 1_001, 5_000, 1 << 20] {
        let found = try read(text, format, blockByteCount: size, maximum: 1_000)
        #expect(found == expected, "\(size): \(text.prefix(30))")
      }
    }
  }

  @Test func aDocumentOverTheLimitThatHasNoEndIsABadOne() throws {
    let long = String(repeating: "x", count: 5_000)
    for size in [1, 100, 1 << 20] {
      #expect(
        try read("{}\n{\"a\":\"\(long)", .ndjson, blockByteCount: size, maximum: 1_000)
          == ["1: {}", "2: a document of more than 1000 bytes"])
      let error = #expect(throws: IndexerError.self) {
        _ = try read("[{},\n{\"a\":\"\(long)", .json, blockByteCount: size, maximum: 1_000)
      }
      #expect(
        error == IndexerError(.input(.arrayWithoutEnd), at: .init(source: "input", line: 2)))
    }
  }

  @Test func theLimitOfADocumentIsExact() throws {
    for blockByteCount in [1, 7, 64, 100, 1_000] {
      for format in [InputFormat.json, .ndjson] {
        for excess in -1...1 {
          let document = "{\"a\":\"\(String(repeating: "x", count: 92 + excess))\"}"
          let text = "{}\n" + document + "\n{}"
          let found = try read(text, format, blockByteCount: blockByteCount, maximum: 100)
          let expected = excess <= 0 ? document : "a document of more than 100 bytes"
          #expect(
            found == ["1: {}", "2: \(expected)", "3: {}"],
            "\(format) in blocks of \(blockByteCount) bytes")
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
    #expect(error?.cause == .input(.foreignFormat(.utf16)))
  }

  @Test(
    arguments: [
      ([0x1f, 0x8b, 8, 0], .gzip), ([0x28, 0xb5, 0x2f, 0xfd], .zstd), ([0x50, 0x4b, 3, 4], .zip),
      (Array("SQLite format 3\0".utf8), .sqlite),
    ] as [([UInt8], IndexerError.ForeignFormat)])
  func whatIsCompressedIsSaidToBe(bytes: [UInt8], format expected: IndexerError.ForeignFormat) {
    for format in InputFormat.allCases {
      for size in [1, 1 << 20] {
        let error = #expect(throws: IndexerError.self) {
          _ = try read(bytes + [1, 2, 3], format, blockByteCount: size, maximum: 100)
        }
        #expect(error?.cause == .input(.foreignFormat(expected)))
      }
    }
  }

  @Test func manySmallInputsAreFewBlocks() throws {
    let inputs = (0..<1_000).map { index in
      let texts = ["{\"id\":\(index)}\n", "[{\"id\":\(index)}]", "id;t\n\(index);x\n", " \n"]
      let formats: [InputFormat] = [.ndjson, .json, .csv, .auto]
      return NamedInput(
        .bytes(Array(texts[index % 4].utf8), name: "\(index)"), format: formats[index % 4])
    }
    for (size, blockCount) in [(1, 750), (100, 50...500), (1 << 20, 1)] as [(Int, Any)] {
      var reader = try DocumentReader(
        inputs,
        limits: DocumentReader.Limits(blockByteCount: size, maximumDocumentByteCount: 100))
      var block = InputBlock()
      var places: [String] = []
      var texts: [String] = []
      while try reader.nextBlock(into: &block) {
        #expect(size == 1 || block.byteCount <= size)
        for document in block.documents {
          places.append(block.location(of: document).description)
          let end = document.byteOffset + document.byteCount
          texts.append(String(decoding: block.bytes.extracting(document.byteOffset..<end)))
        }
      }
      let expected = (0..<1_000).filter { $0 % 4 != 3 }
      #expect(places == expected.map { "\($0):\($0 % 4 == 2 ? 2 : 1)" })
      #expect(
        texts == expected.map { $0 % 4 == 2 ? "{\"id\":\"\($0)\",\"t\":\"x\"}" : "{\"id\":\($0)}" })
      let sequence = block.sequence
      if let count = blockCount as? Int { #expect(sequence == count) }
      if let counts = blockCount as? ClosedRange<Int> { #expect(counts.contains(sequence)) }
    }
  }

  /// It has problems of its own, and its neighbors have none.
  @Test func aProblemOfAnInputAmongManyIsNamedWithItsPlace() throws {
    let texts = ["{\"a\":1}", "[{\"a\":2}", "{\"a\":3}"]
    let inputs = texts.enumerated().map {
      NamedInput(.bytes(Array($1.utf8), name: "\($0)"), format: .json)
    }
    var reader = try DocumentReader(
      inputs, limits: DocumentReader.Limits(blockByteCount: 1_000, maximumDocumentByteCount: 100))
    var block = InputBlock()
    #expect(try reader.nextBlock(into: &block))
    #expect(
      block.documents.map { block.location(of: $0) }
        == [.init(source: "0", line: 1), .init(source: "1", line: 1)])
    let error = #expect(throws: IndexerError.self) { _ = try reader.nextBlock(into: &block) }
    #expect(error?.location == .init(source: "1", line: 1))
  }

  @Test func filesThatCannotBeReadAreNamed() {
    let directory = TemporaryDirectory()
    let cases: [(String, IndexerError.InputProblem)] = [
      (directory.file("missing"), .unreadable(.find, errno: ENOENT)),
      (directory.path, .isDirectory),
    ]
    for (path, problem) in cases {
      let error = #expect(throws: IndexerError.self) {
        _ = try DocumentReader(
          [NamedInput(.file(path), format: .auto)],
          limits: DocumentReader.Limits(blockByteCount: 100, maximumDocumentByteCount: 100))
      }
      #expect(error == IndexerError(.input(problem), at: .init(source: path)))
    }
  }
}
