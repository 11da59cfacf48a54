import Testing

@_spi(Internals) @testable import DocumentInput
@_spi(Internals) @testable import SystemSupport

@Suite struct RowsTests {
  /// The documents of an input, each with its line, or with what is wrong with it.
  private func read(
    _ text: String, _ format: InputFormat = .csv, separator: Character? = nil,
    blockByteCount: Int = 1 << 20, limit: Int = 1 << 16
  ) throws -> [String] {
    var reader = try DocumentReader(
      [
        NamedInput(
          .bytes(Array(text.utf8), name: "input"), format: format,
          separator: separator?.asciiValue)
      ],
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
          found.append("\(range.line): \(error)")
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
        "a,b\n5\" pipe,\nC:\\dir,\né\tü,",
        [
          "2: {\"a\":\"5\\\" pipe\",\"b\":\"\"}", "3: {\"a\":\"C:\\\\dir\",\"b\":\"\"}",
          "4: {\"a\":\"é\\u0009ü\",\"b\":\"\"}",
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

  /// The media type text/tab-separated-values has no quoting.
  @Test func aQuoteInTSVSwallowsNoRows() throws {
    #expect(
      try read("id\ttext\n1\t\"Hello.\n2\tb\n3\tend\"\n4\td\n", .tsv) == [
        "2: {\"id\":\"1\",\"text\":\"\\\"Hello.\"}", "3: {\"id\":\"2\",\"text\":\"b\"}",
        "4: {\"id\":\"3\",\"text\":\"end\\\"\"}", "5: {\"id\":\"4\",\"text\":\"d\"}",
      ])
    #expect(
      try read("\"id\"\n\"1\"\t2\n\"\"\"\n", .tsv) == [
        "2: the row has 2 fields, the first row has 1",
        "3: {\"\\\"id\\\"\":\"\\\"\\\"\\\"\"}",
      ])
  }

  @Test(
    arguments: [
      ("title;isbn;id\nDune;978;1\n", "{\"title\":\"Dune\",\"isbn\":\"978\",\"id\":\"1\"}"),
      ("a\tb\n1\tx,y\n2\tz\n", "{\"a\":\"1\",\"b\":\"x,y\"}"),
      ("a|b\n1|x;y\n", "{\"a\":\"1\",\"b\":\"x;y\"}"),
      // Quotes are respected, in names as in values.
      ("a;\"b,c\"\n\"1,5\";2\n", "{\"a\":\"1,5\",\"b,c\":\"2\"}"),
      ("id,\"x;y\"\n1,2\n", "{\"id\":\"1\",\"x;y\":\"2\"}"),
      // What is in a value now and then separates nothing, what is in most rows does.
      ("id,text|x\n1,a\n2,b|c\nbad\n", "{\"id\":\"1\",\"text|x\":\"a\"}"),
      ("id\n1;2\n", "the row has"), ("\n\na;b\n1;2", "{\"a\":\"1\",\"b\":\"2\"}"),
      ("id|old\n1\n2\n", "{\"id|old\":\"1\"}"),
      // Decimal commas.
      ("id;price\n1;2,50\n2;3,50\n", "{\"id\":\"1\",\"price\":\"2,50\"}"),
    ])
  func theSeparatorIsTheOneThatTheFirstRowsShow(text: String, expected: String) throws {
    let found = try read(text)
    if expected == "the row has" {
      // One name: nothing separates.
      #expect(found == ["2: {\"id\":\"1;2\"}"])
    } else {
      #expect(found.first?.hasSuffix(": " + expected) == true, "\(found)")
    }
    for size in [1, 7, 100] { #expect(try read(text, blockByteCount: size) == found) }
  }

  @Test func aSeparatorThatIsUnclearIsAskedFor() throws {
    let text = "a,b;c\n1,2;3\n4,5;6\n"
    let error = #expect(throws: IndexerError.self) { _ = try read(text) }
    #expect(error?.location == .init(source: "input", line: 1))
    let separators = [UInt8(ascii: ","), UInt8(ascii: ";")]
    #expect(error?.cause == .document(.row(.ambiguousSeparator(separators)), .essential))
    #expect(
      try read(text, separator: ";").first == "2: {\"a,b\":\"1,2\",\"c\":\"3\"}")
    #expect(try read(text, separator: ",").first == "2: {\"a\":\"1\",\"b;c\":\"2;3\"}")
    #expect(try read("a:b\n1:2", separator: ":") == ["2: {\"a\":\"1\",\"b\":\"2\"}"])
    // Without rows nothing can be read wrongly.
    #expect(try read("a,b;c\n") == [])
  }

  @Test func aSampleThatEndsInTheMiddleOfARowTellsTheSeparator() throws {
    let row = "x;" + String(repeating: "a, ", count: 200) + "\n"
    let text = "id;text,and,more\n" + String(repeating: row, count: 400)
    #expect(text.utf8.count > 2 * DocumentReader.sampleByteCount)
    let found = try read(text)
    #expect(found.count == 400)
    #expect(found.last?.hasPrefix("401: {\"id\":\"x\",\"text,and,more\":\"a, a, ") == true)
  }

  @Test(
    arguments: [
      ("id,n\r1,x\r2,y", ["2: {\"id\":\"1\",\"n\":\"x\"}", "3: {\"id\":\"2\",\"n\":\"y\"}"]),
      (
        "id,n\r\r1,\"x\ry\"\r2,z\r",
        [
          "3: {\"id\":\"1\",\"n\":\"x\\u000dy\"}", "5: {\"id\":\"2\",\"n\":\"z\"}",
        ]
      ),
      ("id\r1\n2\r\n3", ["2: {\"id\":\"1\"}", "3: {\"id\":\"2\"}", "4: {\"id\":\"3\"}"]),
      ("id\r\n1\r2\r\n", ["2: {\"id\":\"1\\u000d2\"}"]), ("id\r", []),
      ("id\r1,2\r3", ["2: the row has 2 fields, the first row has 1", "3: {\"id\":\"3\"}"]),
    ] as [(String, [String])])
  func carriageReturnsEndRowsIfTheyEndTheFirstOne(text: String, expected: [String]) throws {
    #expect(try read(text, separator: ",") == expected)
    for size in 1..<text.utf8.count + 2 {
      #expect(try read(text, separator: ",", blockByteCount: size) == expected, "\(size)")
    }
    let tabs = text.replacing(",", with: "\t")
    guard !text.contains("\"") else { return }
    #expect(try read(tabs, .tsv).count == expected.count)
  }

  @Test func spaceAroundNamesIsLeftOut() throws {
    #expect(try read(" id , n\t\n1, x\n") == ["2: {\"id\":\"1\",\"n\":\" x\"}"])
    #expect(try read("\" id \",n\n1,x\n") == ["2: {\"id\":\"1\",\"n\":\"x\"}"])
  }

  @Test(
    arguments: [
      ("id,,n\n1,2,3\n", .unnamedColumn(2)), ("id,n,\n1,2,\n", .unnamedColumn(3)),
      ("id, \n1,2\n", .unnamedColumn(2)),
      ("id,n,id\n1,2,3\n", .repeatedColumnName("id", columns: [1, 3])),
      ("id,n, n\n1,2,3\n", .repeatedColumnName("n", columns: [2, 3])),
      ("id, \"n\"\n1,2\n", .spaceBeforeQuote(column: 2)),
    ] as [(String, DocumentError.RowProblem)])
  func aColumnWithoutANameOfItsOwnIsNamedAtTheFirstRow(
    text: String, problem: DocumentError.RowProblem
  ) {
    let error = #expect(throws: IndexerError.self) { _ = try read(text) }
    #expect(error?.location == .init(source: "input", line: 1))
    #expect(error?.cause == .document(.row(problem), .essential))
  }

  @Test func aNameThatIsNotUTF8IsAnErrorOfTheFirstRow() throws {
    var reader = try DocumentReader(
      [NamedInput(.bytes(Array("id,t".utf8) + [0xe9, 0x0a, 0x31], name: "input"), format: .csv)],
      limits: DocumentReader.Limits(blockByteCount: 100, maximumDocumentByteCount: 100))
    var block = InputBlock()
    do {
      _ = try reader.nextBlock(into: &block)
      Issue.record("read names that are no text")
    } catch {
      #expect(error.location == .init(source: "input", line: 1))
      #expect(error.cause == .document(.row(.columnNameIsNotUTF8(column: 2)), .essential))
    }
  }

  @Test(
    arguments: [
      (
        "a,b\n1\n2,x\n",
        ["2: the row has 1 fields, the first row has 2", "3: {\"a\":\"2\",\"b\":\"x\"}"]
      ),
      ("a\n1,2\n3", ["2: the row has 2 fields, the first row has 1", "3: {\"a\":\"3\"}"]),
      ("a\n\"1\"x\n3", ["2: a field goes on after the quote that ends it", "3: {\"a\":\"3\"}"]),
      // What comes after a quote that nothing ends is not lost with it.
      (
        "a\n1\n\"2\n3\n\"\"",
        [
          "2: {\"a\":\"1\"}", "3: a field starts with a quote, and none ends it",
          "4: {\"a\":\"3\"}",
          "5: {\"a\":\"\"}",
        ]
      ),
    ] as [(String, [String])])
  func aBadRowDoesNotStopTheOthers(text: String, expected: [String]) throws {
    #expect(try read(text) == expected)
  }

  @Test func aBadRowOfNamesIsAnErrorWithItsLine() {
    let error = #expect(throws: IndexerError.self) { _ = try read("\n\"a\"b,c\n1,2\n") }
    #expect(error?.location == .init(source: "input", line: 2))
  }

  private static let long = String(repeating: "x", count: 200)

  @Test(
    arguments: [
      // The row, its object, and the row with the names are each within the limit, or not.
      ("id,text\n1,y\n2,\(long)\n3,z\n", 3, 4), ("id,text\n1,\(long.prefix(90))\n3,z\n", 2, 3),
      ("id,\(long.prefix(90))\n1,\(long.prefix(10))\n", 2, nil),
      // Each becomes six bytes.
      ("id,t\n1,\n\(String(repeating: "\u{1}", count: 20)),\n3,", 3, 4),
      // With line ends and separators in quotes.
      ("id,t\n1,\n\"2\n\(long)\n\"\"3,\",x\n4,z\n", 3, 6), ("id,t\n1,\n\(long),y\n4,", 3, 4),
      // To the end, if nothing ends the quote.
      ("id,t\n1,\n\"\(long),y\n4,z", 3, nil),
    ] as [(String, Int, Int?)])
  func aRowWhoseDocumentIsTooLongIsABadOneAndTheOthersAreRead(
    text: String, line: Int, next: Int?
  ) throws {
    for blockByteCount in [1, 7, 50, 1 << 20] {
      let found = try read(
        text, separator: ",", blockByteCount: blockByteCount, limit: 100)
      let position = try #require(
        found.firstIndex(of: "\(line): a document of more than 100 bytes"), "\(found)")
      if let next {
        #expect(found.count == position + 2)
        #expect(found.last?.hasPrefix("\(next): {\"id\":\"") == true, "\(found)")
      }
    }
  }

  @Test func namesThatAreTooLongAreAnErrorOfTheFirstRow() {
    for blockByteCount in [1, 1 << 20] {
      let error = #expect(throws: IndexerError.self) {
        _ = try read(
          "id,\(Self.long)\n1,y\n", separator: ",", blockByteCount: blockByteCount, limit: 100)
      }
      #expect(error?.location == .init(source: "input", line: 1))
      #expect(error?.cause == .document(.tooLong(limit: 100), .essential))
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
      #expect(try read(text, separator: ",", blockByteCount: size) == whole, "\(size) bytes")
    }
    // Larger than what is looked at first.
    let rows = "id,text\n" + String(repeating: "1,\"a \"\"b\"\"\n\"\n2,c\n", count: 5_000)
    let many = try read(rows)
    #expect(many.count == 10_000)
    for size in [100, 4_096, 70_000] { #expect(try read(rows, blockByteCount: size) == many) }
  }

  @Test(arguments: [
    ("a.csv", InputFormat.csv), ("A.CSV", .csv), ("b.tsv", .tsv), ("c.jsonl", .ndjson),
    ("d.ndjson", .ndjson), ("e.json", .json), ("f", .auto), ("csv", .auto),
  ])
  func theExtensionTellsTheFormat(path: String, format: InputFormat) {
    #expect(InputFormat.named(by: path) == format)
  }
}
