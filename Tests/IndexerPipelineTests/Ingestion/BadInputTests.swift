import ArenaTestSupport
import Foundation
import Testing

@testable import IndexerPipeline

/// What is no document, or hardly one. The classes are those of the JSON Parsing Test Suite
/// (Seriot, 2016) and what people have fed to indexers; `Docs/Reliability.md` has the table.
@Suite struct BadInputTests {
  private let directory = TemporaryDirectory()

  private func add(
    _ input: [UInt8], limit: Int = 1 << 20, fields: Int = 1 << 12
  ) throws -> IndexingReport {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    return try store.add(
      [.bytes(input, name: "input")], to: "index",
      configuration: IndexerConfiguration(
        format: .ndjson, primaryKey: "id", memoryByteCount: 16 << 20,
        maximumDocumentByteCount: limit, maximumFieldCount: fields))
  }

  private func get(_ id: String) throws -> String? {
    try Store(path: directory.file("store")).document(id, in: "index").map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  private static func nested(_ depth: Int, _ open: String, _ close: String) -> String {
    #"{"id":1,"a":"# + String(repeating: open, count: depth) + "1"
      + String(repeating: close, count: depth) + "}"
  }

  /// A document, and a part of what is said about it, or `nil` if it is taken.
  private struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let problem: String?

    init(_ text: String, _ problem: String?) {
      self.text = text
      self.problem = problem
    }

    // Some are very long.
    var testDescription: String { String(text.prefix(60)) }
  }

  private static let cases: [Case] = [
    // Deep nesting, up to a limit.
    Case(nested(1_023, "[", "]"), nil), Case(nested(1_024, "[", "]"), "too deep"),
    Case(nested(1_023, #"{"a":"#, "}"), nil),
    Case(nested(1_024, #"{"a":"#, "}"), "nested in more than 1024 levels"),
    Case(nested(100_000, "[", ""), "too deep"), Case(nested(1_000, #"{"a":"#, "}"), nil),
    Case(nested(100_000, #"{"a":"#, ""), "too deep"),
    // Numbers beyond 64 bits.
    Case(#"{"id":1,"a":1e400}"#, nil), Case(#"{"id":1,"a":-1e400}"#, nil),
    Case(#"{"id":1,"a":1e-400}"#, nil), Case(#"{"id":1,"a":[1E+999,{"b":2e99999999999}]}"#, nil),
    Case(#"{"id":1,"a":123456789012345678901234567890}"#, nil),
    Case("{\"id\":1,\"a\":\(String(repeating: "9", count: 1_000)).5}", nil),
    Case(#"{"id":18446744073709551615}"#, nil), Case(#"{"id":18446744073709551616}"#, nil),
    Case(#"{"id":-9223372036854775808}"#, nil), Case(#"{"id":-9223372036854775809}"#, nil),
    Case("{\"id\":\(String(repeating: "9", count: 500))}", nil),
    Case("{\"id\":\(String(repeating: "9", count: 501))}", "501 bytes"),
    // One of them does not excuse anything else.
    Case(#"{"id":1,"a":1e400,"b":01}"#, "number"), Case(#"{"id":1,"a":1e400,"b":tru}"#, ""),
    Case(#"{"id":1,"a":1e400,"b":[}"#, ""), Case(#"{"id":1,"a":1e400x}"#, ""),
    Case(#"{"id":1,123456789012345678901234567890:1}"#, ""),
    Case(#"{"id":1,"a":"x"123456789012345678901234567890}"#, ""),
    Case(#"{"id":1,"a":00000000000000000000000000000001}"#, "number"),
    Case(#"{"id":1,"a":-}"#, ""), Case(#"{"id":1,"a":1e}"#, "number"),
    Case("{\"id\":1,\"a\":0.\(String(repeating: "1", count: 100_000))}", nil),
    Case(#"{"id":1,"a":01}"#, "number"), Case(#"{"id":1,"a":+1}"#, "structure"),
    Case(#"{"id":1,"a":.5}"#, "structure"), Case(#"{"id":1,"a":1.}"#, "number"),
    Case(#"{"id":1,"a":NaN}"#, "structure"), Case(#"{"id":1,"a":0x10}"#, "number"),
    // Strings: zero bytes, lone surrogates, raw control characters.
    Case(#"{"id":1,"a":"x\u0000y"}"#, nil), Case("{\"id\":1,\"a\":\"x\u{0}y\"}", "escaped"),
    Case("{\"id\":1,\"a\":\"x\ty\"}", "escaped"), Case(#"{"id":1,"a":"\ud800"}"#, "string"),
    Case(#"{"id":1,"a":"\udc00\ud800"}"#, "string"), Case(#"{"id":1,"a":"\ud83c\udf89"}"#, nil),
    Case(#"{"id":1,"a":"\x"}"#, "string"), Case(#"{"id":1,"a":"\u12"}"#, "string"),
    Case(#"{"id":1,"a":"x}"#, ""), Case("{\"id\":1,\"a\":\"\u{2028}\u{fffe}\u{10ffff}\"}", nil),
    // Keys that are there twice: every value is indexed, but there is one id.
    Case(#"{"id":1,"a":"x","a":"y"}"#, nil), Case(#"{"id":1,"id":2}"#, "twice"),
    // What stands before, after and instead of a document.
    Case("\u{feff}{\"id\":1}", nil), Case("\u{feff}\u{feff}{\"id\":1}", ""),
    Case(#"{"id":1} x"#, "structure"),
    Case(#"{"id":1}{"id":2"#, ""), Case(#"{"id":1}{"id":2},"#, "structure"),
    Case(#"{"id":1},"#, "structure"),
    Case(#"{"id":1}#"#, "structure"),
    Case("[{\"id\":1}]", "object"), Case("\"x\"", "object"), Case("1", "object"),
    Case("null", "object"),
    Case("{", ""), Case("}", ""), Case("{\"id\":1,}", "structure"), Case("{'id':1}", "structure"),
    Case("{id:1}", "structure"), Case("{\"id\":1/*x*/}", ""), Case("{\"id\"}", "structure"),
    // Ids.
    Case(#"{"id":""}"#, "empty"), Case(#"{"id":null}"#, "neither"), Case(#"{"id":1.5}"#, "neither"),
    Case(#"{"id":true}"#, "neither"), Case(#"{"id":{"id":1}}"#, "no field 'id'"),
    Case(#"{"id":[1]}"#, "array"),
    Case("{\"id\":\"\(String(repeating: "x", count: 500))\"}", nil),
    Case("{\"id\":\"\(String(repeating: "x", count: 501))\"}", "501 bytes"),
    Case("{}", "no field 'id'"),
  ]

  @Test(arguments: cases)
  private func aDocumentIsTakenOrRefusedWithItsLine(_ input: Case) throws {
    let text = input.text
    let bytes = Array("{\"id\":\"first\"}\n".utf8) + Array(text.utf8)
    guard let problem = input.problem else {
      let isFirst = text.hasPrefix("\u{feff}")
      // The byte order mark belongs to the beginning.
      #expect(try add(isFirst ? Array(text.utf8) : bytes).documentCount == (isFirst ? 1 : 2))
      return
    }
    let error = #expect(throws: IndexerError.self) { try add(bytes) }
    #expect(error?.code == .badInput)
    #expect(error?.location == .init(source: "input", line: 2))
    let isNamed = error?.description.lowercased().contains(problem) == true
    #expect(isNamed || problem.isEmpty, "\(error.map { "\($0)" } ?? "")")
    #expect(try Store(path: directory.file("store")).indexes().isEmpty)
  }

  @Test(
    arguments: [
      [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80],
    ] as [[UInt8]])
  func bytesThatAreNotUTF8AreRefused(bytes: [UInt8]) throws {
    let document = Array(#"{"id":1,"a":""#.utf8) + bytes + Array(#""}"#.utf8)
    let error = #expect(throws: IndexerError.self) { try add(document) }
    #expect(error?.description.contains("UTF-8") == true)
  }

  @Test func idsMayHaveAnyCharacters() throws {
    let ids = [
      "a\nb", "a\u{0}b", "../../etc/passwd", "'; drop", "\u{202e}x", " ", "\u{1f389}", "\\",
    ]
    let lines = try ids.map { try JSONSerialization.data(withJSONObject: ["id": $0]) }
    #expect(try add(Array(lines.joined(separator: Data("\n".utf8)))).documentCount == ids.count)
    for id in ids { #expect(try get(id) != nil) }
    #expect(try Store(path: directory.file("store")).verify("index").problems.isEmpty)
  }

  @Test func asManyFieldsAsASegmentCanNumberAndNoMore() throws {
    func document(_ count: Int) -> [UInt8] {
      let fields = (1..<count).map { #""f\#($0)":"word\#($0)""# }
      return Array(#"{"id":1,\#(fields.joined(separator: ","))}"#.utf8)
    }
    #expect(try add(document(65_536), limit: 4 << 20, fields: 1 << 16).documentCount == 1)
    let results = try Store(path: directory.file("store")).search(
      "index", SearchRequest("f65535:word65535"))
    #expect(results.matchCount == 1)
    let error = #expect(throws: IndexerError.self) {
      try add(document(65_537), limit: 4 << 20, fields: 1 << 16)
    }
    #expect(
      error?.cause == .document(.tooManyFields(count: 65_537, limit: 65_536), .optional))
    #expect(try Store(path: directory.file("store")).verify("index").problems.isEmpty)
  }

  @Test func asManyValuesAsAreAllowedAndNoMore() throws {
    func document(_ count: Int) -> [UInt8] {
      Array(#"{"id":1,"a":[\#(String(repeating: "0,", count: count - 2))0]}"#.utf8)
    }
    let limit = 1 << 20
    #expect(try add(document(limit), limit: 4 << 20).documentCount == 1)
    let error = #expect(throws: IndexerError.self) { try add(document(limit + 1), limit: 4 << 20) }
    #expect(
      error?.cause
        == .document(.invalidJSON("the document has more than 1,048,576 values"), .optional))
  }

  @Test func numbersOfAnySizeComeBackAsTheyWere() throws {
    let document =
      #"{"a":[-1e400,1.5],"id":123456789012345678901234567890 ,"b":18446744073709551616}"#
    #expect(try add(Array(document.utf8)).documentCount == 1)
    #expect(try get("123456789012345678901234567890") == document)
  }

  /// Each with a bad document of another kind.
  @Test func theFirstBadLineIsNamedIfNoneIsGood() throws {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    let lines = (0..<20_000).map { "nonsense \($0)" }.joined(separator: "\n")
    for skips in [false, true] {
      let error = #expect(throws: IndexerError.self) {
        try store.add(
          [.bytes(Array(lines.utf8), name: "input")], to: "index",
          configuration: IndexerConfiguration(
            format: .ndjson, memoryByteCount: 16 << 20, skipsBadDocuments: skips))
      }
      #expect(error?.location == .init(source: "input", line: 1))
      guard case .document(.invalidJSON(let reason), let role)? = error?.cause else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(reason.hasPrefix("not a JSON document"))
      #expect(role == (skips ? .onlyBadOnes(count: 20_000) : .optional))
    }
  }

  @Test func whatIsLeftOutBeforeTheFirstGoodDocumentIsCounted() throws {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    // More than a block.
    let lines = (0..<20_000).map { "nonsense \($0)" } + ["{}", #"{"id":1}"#, "more"]
    let report = try store.add(
      [.bytes(Array(lines.joined(separator: "\n").utf8), name: "input")], to: "index",
      configuration: IndexerConfiguration(
        format: .ndjson, memoryByteCount: 16 << 20, threadCount: 2, skipsBadDocuments: true))
    #expect(report.documentCount == 1)
    #expect(report.skippedCount == 20_002)
    #expect(report.skipped.map(\.place) == (1...20).map { "input:\($0)" })
  }

  @Test func aDocumentThatIsTooLargeIsLeftOutLikeAnyOtherBadOne() throws {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    let long = String(repeating: "word ", count: 100_000)
    let inputs: [(InputFormat, String)] = [
      (.ndjson, "{\"id\":1}\n{\"id\":2,\"t\":\"\(long)\"}\n{\"id\":3}\n"),
      (.json, "[{\"id\":1},\n{\"id\":2,\"t\":\"\(long)\"},{\"id\":3}]"),
      (.csv, "id,t\n2,\(long)\n3,\n1,\n"),
    ]
    for (format, text) in inputs {
      func add(skipping: Bool) throws -> IndexingReport {
        try store.add(
          [.bytes(Array(text.utf8), name: "input")], to: "index",
          configuration: IndexerConfiguration(
            format: format, memoryByteCount: 16 << 20, skipsBadDocuments: skipping,
            maximumDocumentByteCount: 100_000))
      }
      let report = try add(skipping: true)
      #expect(report.documentCount == 2)
      #expect(
        report.skipped == [
          SkippedDocument(place: "input:2", problem: "a document of more than 100000 bytes")
        ])
      let error = #expect(throws: IndexerError.self) { try add(skipping: false) }
      #expect(error?.location == .init(source: "input", line: 2))
      #expect(error?.cause == .document(.tooLong(limit: 100_000), .optional))
    }
    // Of a program.
    let put = { (text: String) in DocumentChange.put(Array(text.utf8)) }
    let report = try store.apply(
      [put(#"{"id":4}"#), put("{\"id\":5,\"t\":\"\(long)\"}"), put(#"{"id":6}"#)], to: "index",
      configuration: IndexerConfiguration(
        skipsBadDocuments: true, maximumDocumentByteCount: 100_000))
    #expect(report.documentCount == 2)
    #expect(report.skipped.map(\.place) == ["changes:2"])
  }

  @Test func thousandsOfFilesAreNotThousandsOfSegments() throws {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    let count = 3_000
    let files = try (0..<count).map { index in
      try directory.write(
        #"{"id":\#(index),"text":"one of many, word\#(index % 7)"}"# + "\n",
        to: "file-\(index).json")
    }
    let report = try store.add(
      files.map { .file($0) }, to: "many",
      configuration: IndexerConfiguration(memoryByteCount: 16 << 20, threadCount: 2))
    #expect(report.documentCount == count)
    #expect(report.segmentCount <= 8)
    #expect(report.mergedSegmentCount == 0)
    #expect(try store.document("2999", in: "many") != nil)
    #expect(try store.verify("many").problems.isEmpty)
    // One of them is bad.
    _ = try directory.write("{\"id\":1}\n{", to: "file-1500.json")
    let error = #expect(throws: IndexerError.self) {
      try store.add(files.map { .file($0) }, to: "many")
    }
    #expect(error?.location == .init(source: files[1500], line: 2))
  }

  @Test func theProblemThatComesFirstInTheInputIsTheOneReported() throws {
    let lines = (0..<20_000).map { #"{"id":\#($0),"text":"one two three four"}"# }
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    let error = #expect(throws: IndexerError.self) {
      try store.add(
        [
          .bytes(Array((lines + ["{"]).joined(separator: "\n").utf8), name: "first"),
          .bytes([0xff, 0xfe], name: "second"),
        ], to: "index", configuration: IndexerConfiguration(threadCount: 2))
    }
    #expect(error?.location == .init(source: "first", line: 20001))
  }
}
