import Testing

@testable import IndexerPipeline

@Suite struct RowsTests {
  /// The documents of an input, each with its line, or with what is wrong with it.
  private func read(
    _ text: String, _ format: InputFormat = .csv, blockByteCount: Int = 1 << 20,
    limit: Int = 1 << 16
  ) throws -> [String] {
    var reader = try DocumentReader(
      [NamedInput(.bytes(Array(text.utf8), name: "input"), format: format)],
      limits: DocumentReader.Limits(
        blockByteCount: blockByteCount, maximumDocumentByteCount: limit))
    var block = InputBlock()
    var parser = JSONDocumentParser()
    var found: [String] = []
    while try reader.nextBlock(into: &block) {
      for range in block.documents {
        do throws(DocumentError) {
          try parser.parse(range, of: block)
          let bytes = block.bytes.extracting(
            range.byteOffset..<range.byteOffset + range.byteCount)
          found.append("\(range.line): \(String(decoding: bytes))")
        } catch {
          found.append("\(range.line): \(error.problem)")
        }
      }
    }
    #expect(reader.readByteCount == text.utf8.count)
    return found
  }

  @Test(
    arguments: [
      ("", []), ("id,name", []), ("id,name\n", []), ("\n\nid\n\n1\n\n", ["5: {\"id\":\"1\"}"]),
      (
        "id,name\n1,x\n2,y\n",
        ["2: {\"id\":\"1\",\"name\":\"x\"}", "3: {\"id\":\"2\",\"name\":\"y\"}"]
      ),
      (
        "id,name\r\n1,x\r\n2,y",
        ["2: {\"id\":\"1\",\"name\":\"x\"}", "3: {\"id\":\"2\",\"name\":\"y\"}"]
      ),
      ("\u{feff}id\n1", ["2: {\"id\":\"1\"}"]), ("a,b\n,", ["2: {\"a\":\"\",\"b\":\"\"}"]),
      ("a\n\"\"\n", ["2: {\"a\":\"\"}"]),
      ("a,b\n\"x,\"\"y\"\"\",z", ["2: {\"a\":\"x,\\\"y\\\"\",\"b\":\"z\"}"]),
      (
        "a,b\n\"1\n2\",x\n3,y",
        ["2: {\"a\":\"1\\u000a2\",\"b\":\"x\"}", "4: {\"a\":\"3\",\"b\":\"y\"}"]
      ),
      (
        "a\n5\" pipe\nC:\\dir\né\tü",
        [
          "2: {\"a\":\"5\\\" pipe\"}", "3: {\"a\":\"C:\\\\dir\"}", "4: {\"a\":\"é\\u0009ü\"}",
        ]
      ),
      ("\"a \"\"x\"\"\"\n1", ["2: {\"a \\\"x\\\"\":\"1\"}"]),
      ("a\nx\ry", ["2: {\"a\":\"x\\u000dy\"}"]),
    ] as [(String, [String])])
  func rowsBecomeObjects(text: String, expected: [String]) throws {
    #expect(try read(text) == expected)
  }

  @Test func tabsSeparateFieldsOfTSV() throws {
    #expect(try read("id\tn\n1\ta,b\n", .tsv) == ["2: {\"id\":\"1\",\"n\":\"a,b\"}"])
  }

  @Test(
    arguments: [
      (
        "a,b\n1\n2,x\n",
        ["2: the row has 1 fields, the first row has 2", "3: {\"a\":\"2\",\"b\":\"x\"}"]
      ),
      ("a\n1,2\n3", ["2: the row has 2 fields, the first row has 1", "3: {\"a\":\"3\"}"]),
      ("a\n\"1\"x\n3", ["2: a field goes on after the quote that ends it", "3: {\"a\":\"3\"}"]),
      ("a\n1\n\"2\n3", ["2: {\"a\":\"1\"}", "3: a field starts with a quote, and none ends it"]),
    ] as [(String, [String])])
  func aBadRowDoesNotStopTheOthers(text: String, expected: [String]) throws {
    #expect(try read(text) == expected)
  }

  @Test func aBadRowOfNamesIsAnErrorWithItsLine() {
    let error = #expect(throws: IndexerError.self) { _ = try read("\n\"a\"b,c\n1,2\n") }
    #expect(error?.place == "input:2")
  }

  private static let long = String(repeating: "x", count: 200)

  @Test(
    arguments: [
      // The row, its object, and the row with the names are each within the limit, or not.
      ("id,text\n1,y\n2,\(long)\n", 3), ("id,text\n1,\(long.prefix(90))\n", 2),
      ("id,\(long)\n1,y\n", 1), ("id,\(long.prefix(90))\n1,\(long.prefix(10))\n", 2),
      // Each becomes six bytes.
      ("id\n1\n\(String(repeating: "\u{1}", count: 20))\n", 3),
      ("id\n1\n\"\(long)", 3), ("id\n1\n\(long),y\n", 3),
    ])
  func aRowWhoseDocumentIsTooLongIsAnErrorWithItsLine(text: String, line: Int) {
    for blockByteCount in [1, 1 << 20] {
      let error = #expect(throws: IndexerError.self) {
        _ = try read(text, blockByteCount: blockByteCount, limit: 100)
      }
      #expect(error?.place == "input:\(line)")
      #expect(error?.problem == "a document of more than 100 bytes")
    }
  }

  @Test func invalidUTF8IsRefusedByTheParser() throws {
    var reader = try DocumentReader(
      [NamedInput(.bytes(Array("a\n".utf8) + [0xff, 0x0a], name: "input"), format: .csv)],
      limits: DocumentReader.Limits(blockByteCount: 100, maximumDocumentByteCount: 100))
    var block = InputBlock()
    var parser = JSONDocumentParser()
    #expect(try reader.nextBlock(into: &block))
    #expect(throws: DocumentError.self) { try parser.parse(block.documents[0], of: block) }
  }

  @Test func theSizeOfBlocksDoesNotMatter() throws {
    let text =
      "id,\"te\"\"xt\"\r\n1,\"a\r\n\"\"b\"\"\"\n\n\"2\"\"\",c\r\nbad\n3,\"\"\n\"4\"x,y\n5,é日\n6,\"open"
    let whole = try read(text)
    #expect(whole.count == 7)
    for size in 1..<text.utf8.count + 2 {
      #expect(try read(text, blockByteCount: size) == whole, "blocks of \(size) bytes")
    }
  }

  @Test(arguments: [
    ("a.csv", InputFormat.csv), ("A.CSV", .csv), ("b.tsv", .tsv), ("c.jsonl", .ndjson),
    ("d.ndjson", .ndjson), ("e.json", .json), ("f", .auto), ("csv", .auto),
  ])
  func theExtensionTellsTheFormat(path: String, format: InputFormat) {
    #expect(InputFormat.named(by: path) == format)
  }
}
