import ArenaTestSupport
import Foundation
import Testing

@testable import IndexerPipeline

/// What is no document, or hardly one. The classes are those of the JSON Parsing Test Suite (Seriot, 2016) and what people
/// have fed to indexers; `Docs/Reliability.md` has the table.
@Suite struct BadInputTests {
  private let directory = TemporaryDirectory()

  private func add(_ input: [UInt8], limit: Int = 1 << 20) throws -> IndexingReport {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    return try store.add(
      [.bytes(input, name: "input")], to: "index",
      configuration: IndexerConfiguration(
        format: .ndjson, primaryKey: "id", memoryByteCount: 16 << 20,
        maximumDocumentByteCount: limit))
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

  @Test(
    arguments: [
      // Deep nesting, up to a limit.
      (nested(1_000, "[", "]"), nil), (nested(1_100, "[", "]"), "too deep"),
      (nested(100_000, "[", ""), "too deep"), (nested(1_000, #"{"a":"#, "}"), nil),
      (nested(100_000, #"{"a":"#, ""), "too deep"),
      // Numbers beyond 64 bits.
      (#"{"id":1,"a":1e400}"#, "number"), (#"{"id":1,"a":-1e400}"#, "number"),
      (#"{"id":1,"a":1e-400}"#, nil), (#"{"id":1,"a":123456789012345678901234567890}"#, "number"),
      (#"{"id":18446744073709551615}"#, nil), (#"{"id":18446744073709551616}"#, "number"),
      (#"{"id":-9223372036854775808}"#, nil),
      ("{\"id\":1,\"a\":0.\(String(repeating: "1", count: 100_000))}", nil),
      (#"{"id":1,"a":01}"#, "number"), (#"{"id":1,"a":+1}"#, "structure"),
      (#"{"id":1,"a":.5}"#, "structure"), (#"{"id":1,"a":1.}"#, "number"),
      (#"{"id":1,"a":NaN}"#, "structure"), (#"{"id":1,"a":0x10}"#, "number"),
      // Strings: zero bytes, lone surrogates, raw control characters.
      (#"{"id":1,"a":"x\u0000y"}"#, nil), ("{\"id\":1,\"a\":\"x\u{0}y\"}", "escaped"),
      ("{\"id\":1,\"a\":\"x\ty\"}", "escaped"), (#"{"id":1,"a":"\ud800"}"#, "string"),
      (#"{"id":1,"a":"\udc00\ud800"}"#, "string"), (#"{"id":1,"a":"\ud83c\udf89"}"#, nil),
      (#"{"id":1,"a":"\x"}"#, "string"), (#"{"id":1,"a":"\u12"}"#, "string"),
      (#"{"id":1,"a":"x}"#, ""), ("{\"id\":1,\"a\":\"\u{2028}\u{fffe}\u{10ffff}\"}", nil),
      // Keys that are there twice: every value is indexed, but there is one id.
      (#"{"id":1,"a":"x","a":"y"}"#, nil), (#"{"id":1,"id":2}"#, "twice"),
      // What stands before, after and instead of a document.
      ("\u{feff}{\"id\":1}", nil), ("\u{feff}\u{feff}{\"id\":1}", ""),
      (#"{"id":1} x"#, "structure"),
      (#"{"id":1}{"id":2}"#, "structure"), (#"{"id":1},"#, "structure"),
      (#"{"id":1}#"#, "structure"),
      ("[{\"id\":1}]", "object"), ("\"x\"", "object"), ("1", "object"), ("null", "object"),
      ("{", ""), ("}", ""), ("{\"id\":1,}", "structure"), ("{'id':1}", "structure"),
      ("{id:1}", "structure"), ("{\"id\":1/*x*/}", ""), ("{\"id\"}", "structure"),
      // Ids.
      (#"{"id":""}"#, "empty"), (#"{"id":null}"#, "neither"), (#"{"id":1.5}"#, "neither"),
      (#"{"id":true}"#, "neither"), (#"{"id":{"id":1}}"#, "no field 'id'"),
      (#"{"id":[1]}"#, "array"),
      ("{\"id\":\"\(String(repeating: "x", count: 500))\"}", nil),
      ("{\"id\":\"\(String(repeating: "x", count: 501))\"}", "501 bytes"), ("{}", "no field 'id'"),
    ] as [(String, String?)])
  func aDocumentIsTakenOrRefusedWithItsLine(text: String, problem: String?) throws {
    let bytes = Array("{\"id\":\"first\"}\n".utf8) + Array(text.utf8)
    guard let problem else {
      let isFirst = text.hasPrefix("\u{feff}")
      // The byte order mark belongs to the beginning.
      #expect(try add(isFirst ? Array(text.utf8) : bytes).documentCount == (isFirst ? 1 : 2))
      return
    }
    let error = #expect(throws: IndexerError.self) { try add(bytes) }
    #expect(error?.code == .badInput)
    #expect(error?.place == "input:2")
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
    #expect(try add(document(65_536), limit: 4 << 20).documentCount == 1)
    let results = try Store(path: directory.file("store")).search(
      "index", SearchRequest("f65535:word65535"))
    #expect(results.matchCount == 1)
    let error = #expect(throws: IndexerError.self) { try add(document(65_537), limit: 4 << 20) }
    #expect(error?.description.contains("65537 fields") == true)
    #expect(try Store(path: directory.file("store")).verify("index").problems.isEmpty)
  }
}
