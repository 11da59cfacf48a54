import Testing

@testable import IndexerPipeline

@Suite struct PrimaryKeyTests {
  /// Parses one document and hands it on.
  private func withDocument<R>(
    _ text: String, _ body: (borrowing JSONDocumentParser) throws -> R
  ) throws -> R {
    var block = InputBlock()
    block.append(Array(text.utf8).span)
    var parser = JSONDocumentParser()
    try parser.parse(
      InputBlock.DocumentRange(byteOffset: 0, byteCount: text.utf8.count), of: block)
    return try body(parser)
  }

  @Test(arguments: [
    ("{\"id\":1}", "id"), ("{\"name\":\"x\",\"uuID\":\"y\"}", "uuID"),
    ("{\"a\":{\"id\":1},\"package_id\":2}", "package_id"), ("{\"id\":1,\"id\":2}", "id"),
  ])
  func theOnlyFieldThatEndsInIDIsTheKey(text: String, expected: String) throws {
    #expect(try withDocument(text) { try PrimaryKey.infer(from: $0) } == expected)
  }

  @Test(arguments: [
    ("{}", "no field"), ("{\"name\":1}", "no field"), ("{\"a\":{\"id\":1}}", "no field"),
    ("{\"id\":1,\"uid\":2}", "'id', 'uid'"),
  ])
  func noneOrSeveralCandidatesAreRefusedByName(text: String, problem: String) {
    let error = #expect(throws: DocumentError.self) {
      try withDocument(text) { try PrimaryKey.infer(from: $0) }
    }
    #expect(error?.problem.contains(problem) == true)
    #expect(error?.advice?.contains("--primary-key") == true)
  }

  private func id(of text: String, named name: String) throws -> [UInt8] {
    try withDocument(text) { parser in
      var id = Array("the one before".utf8)
      try parser.readID(named: Array(name.utf8), into: &id)
      return id
    }
  }

  @Test(arguments: [
    ("{\"id\":\"x\"}", "x"), ("{\"id\":-7}", "-7"), ("{\"id\":0}", "0"),
    ("{\"id\":-9223372036854775808}", "-9223372036854775808"),
    ("{\"id\":18446744073709551615}", "18446744073709551615"),
    ("{\"id\":\"\\u00e9 \\u0000\"}", "é \u{0}"), ("{\"tags\":[\"a\"],\"id\":\"x\"}", "x"),
    ("{\"id\":\"\(String(repeating: "x", count: 500))\"}", String(repeating: "x", count: 500)),
  ])
  func idsAreStringsAndIntegers(text: String, expected: String) throws {
    #expect(try id(of: text, named: "id") == Array(expected.utf8))
  }

  @Test(arguments: [
    ("{}", "no field 'id'"), ("{\"id\":\"\"}", "empty"), ("{\"id\":1.5}", "neither"),
    ("{\"id\":null}", "neither"), ("{\"id\":true}", "neither"), ("{\"id\":[1,2]}", "in an array"),
    ("{\"id\":[[\"x\"]]}", "in an array"),
    ("{\"id\":\"\(String(repeating: "é", count: 251))\"}", "502 bytes"),
  ])
  func otherIDsAreRefused(text: String, problem: String) {
    let error = #expect(throws: DocumentError.self) {
      try id(of: text, named: "id")
    }
    #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
  }

  @Test func aDottedNameReachesIntoObjects() throws {
    let id = try id(of: "{\"_id\":{\"$oid\":\"5f\"}}", named: "_id.$oid")
    #expect(id == Array("5f".utf8))
  }
}
