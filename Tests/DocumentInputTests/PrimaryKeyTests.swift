import Testing

@_spi(Internals) @testable import DocumentInput
@_spi(Internals) @testable import SystemSupport

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
    ("{\"bookId\":1}", "bookId"), ("{\"bookID\":1,\"paid\":2,\"valid\":3,\"BID\":4}", "bookID"),
    ("{\"ID\":1,\"USER_ID\":2}", "ID"), ("{\"Id\":1}", "Id"), ("{\"_id\":1,\"Id\":2}", "_id"),
    // An exact name before any other, in their order.
    ("{\"user_id\":1,\"key\":2}", "key"), ("{\"key\":1,\"uuid\":2}", "uuid"),
    ("{\"uuid\":1,\"uid\":2}", "uid"), ("{\"uid\":1,\"_id\":2}", "_id"),
    ("{\"_id\":1,\"user_id\":3,\"id\":2}", "id"),
  ])
  func theKeyIsAnExactNameOrTheOnlyOneThatEndsLikeAnID(text: String, expected: String) throws {
    #expect(try withDocument(text) { try PrimaryKey.infer(from: $0) } == expected)
  }

  @Test(
    arguments: [
      ("{}", .noField([])), ("{\"name\":1}", .noField(["name"])),
      ("{\"a\":{\"id\":1}}", .nestedFieldsOnly(["a.id"])),
      ("{\"_id\":{\"$oid\":\"5f\"}}", .nestedFieldsOnly(["_id.$oid"])),
      ("{\"date\":1,\"bid\":2,\"ask\":3}", .noField(["date", "bid", "ask"])),
      ("{\"DATE\":1,\"BID\":2,\"PAID\":3}", .noField(["DATE", "BID", "PAID"])),
      ("{\"valid\":true,\"paid\":2}", .noField(["valid", "paid"])),
      ("{\"title;isbn;id\":1}", .noField(["title;isbn;id"])),
      ("{\"bookId\":1,\"author_id\":2}", .severalFields(["bookId", "author_id"])),
      ("{\"ID\":1,\"Id\":2}", .severalFields(["ID", "Id"])),
    ] as [(String, DocumentError.IDProblem)])
  func noneOrSeveralCandidatesAreRefusedByName(
    text: String, problem: DocumentError.IDProblem
  ) {
    let error = #expect(throws: DocumentError.self) {
      try withDocument(text) { try PrimaryKey.infer(from: $0) }
    }
    #expect(error == .id(problem))
  }

  private func id(
    of text: String, named name: String, generated: Bool = false
  ) throws -> [UInt8] {
    try withDocument(text) { parser in
      var id = Array("the one before".utf8)
      try parser.readID(
        named: Array(name.utf8), into: &id, generatedFrom: Array(text.utf8).span,
        if: generated, maximumByteCount: 500)
      return id
    }
  }

  @Test(arguments: [
    ("{\"id\":\"x\"}", "x"), ("{\"id\":-7}", "-7"), ("{\"id\":0}", "0"),
    ("{\"id\":-9223372036854775808}", "-9223372036854775808"),
    ("{\"id\":18446744073709551615}", "18446744073709551615"),
    // Larger than any register.
    ("{\"id\":18446744073709551616}", "18446744073709551616"),
    (
      "{\"x\":[1e400,{\"y\":-1e999}],\"id\":-123456789012345678901234567890}",
      "-123456789012345678901234567890"
    ),
    ("{\"id\":\"\\u00e9 \\u0000\"}", "é \u{0}"), ("{\"tags\":[\"a\"],\"id\":\"x\"}", "x"),
    ("{\"id\":\"\(String(repeating: "x", count: 500))\"}", String(repeating: "x", count: 500)),
  ])
  func idsAreStringsAndIntegers(text: String, expected: String) throws {
    #expect(try id(of: text, named: "id") == Array(expected.utf8))
  }

  @Test(
    arguments: [
      ("{}", .missing(field: "id", nested: nil)), ("{\"id\":\"\"}", .empty(limit: 500)),
      ("{\"id\":1.5}", .neitherStringNorInteger(field: "id")),
      ("{\"id\":null}", .neitherStringNorInteger(field: "id")),
      ("{\"id\":true}", .neitherStringNorInteger(field: "id")),
      ("{\"id\":[1,2]}", .inArray(field: "id")), ("{\"id\":[[\"x\"]]}", .inArray(field: "id")),
      (
        "{\"id\":\"\(String(repeating: "é", count: 251))\"}",
        .tooLong(byteCount: 502, limit: 500)
      ),
    ] as [(String, DocumentError.IDProblem)])
  func otherIDsAreRefused(text: String, problem: DocumentError.IDProblem) {
    let error = #expect(throws: DocumentError.self) {
      try id(of: text, named: "id")
    }
    #expect(error == .id(problem))
  }

  @Test(arguments: ["{\"a\":1}", "{\"id\":null}", "{\"id\":\"\"}", "{}"])
  func aDocumentWithoutAnIDGetsAHashOfItsBytes(text: String) throws {
    let found = try id(of: text, named: "id", generated: true)
    #expect(found.count == 32)
    #expect(try id(of: text, named: "id", generated: true) == found)
    #expect(try id(of: text + " ", named: "id", generated: true) != found)
    #expect(throws: DocumentError.self) { try id(of: text, named: "id") }
    // Stored ids stay what they are.
    if text == "{\"a\":1}" {
      #expect(String(decoding: found, as: UTF8.self) == "3c8c141663acf5a1b6b7137162fa70fb")
    }
  }

  @Test func aDocumentWithAnIDKeepsIt() throws {
    #expect(try id(of: "{\"id\":7}", named: "id", generated: true) == Array("7".utf8))
    #expect(throws: DocumentError.self) {
      try id(of: "{\"id\":1.5}", named: "id", generated: true)
    }
  }

  @Test func whatIsBelowTheNameOfTheKeyIsOffered() {
    let error = #expect(throws: DocumentError.self) {
      try id(of: "{\"_id\":{\"$oid\":\"5f\"}}", named: "_id")
    }
    #expect(error == .id(.missing(field: "_id", nested: "_id.$oid")))
  }

  @Test func aDottedNameReachesIntoObjects() throws {
    let id = try id(of: "{\"_id\":{\"$oid\":\"5f\"}}", named: "_id.$oid")
    #expect(id == Array("5f".utf8))
  }
}
