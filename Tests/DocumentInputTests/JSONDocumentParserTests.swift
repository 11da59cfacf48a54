import Testing

@_spi(Internals) @testable import DocumentInput
@_spi(Internals) @testable import SystemSupport

@Suite struct JSONDocumentParserTests {
  private func leaves(_ text: String) throws -> [String] {
    var block = InputBlock()
    block.append(Array(text.utf8).span)
    var parser = JSONDocumentParser()
    try parser.parse(
      InputBlock.DocumentRange(byteOffset: 0, byteCount: text.utf8.count), of: block)
    return (0..<parser.leafCount).map { index in
      let leaf = parser.leaf(index)
      var digits: [UInt8] = []
      let isNumber = leaf.appendDigits(to: &digits)
      let value =
        isNumber
        ? String(decoding: digits, as: UTF8.self)
        : leaf.kind == .string ? String(decoding: leaf.text) : "other"
      return "\(String(decoding: leaf.path))=\(value)"
    }
  }

  @Test(
    arguments: [
      ("{}", []), ("{\"a\":\"x\"}", ["a=x"]),
      ("{\"a\":-1,\"b\":18446744073709551615}", ["a=-1", "b=18446744073709551615"]),
      (
        "{\"a\":1e999,\"b\":[99999999999999999999999,\"7\"],\"c\":-18446744073709551616}",
        ["a=other", "b=99999999999999999999999", "b=7", "c=-18446744073709551616"]
      ),
      ("{\"a\":1.5,\"b\":true,\"c\":null}", ["a=other", "b=other", "c=other"]),
      ("{\"a\":{\"b\":{\"c\":\"x\"},\"d\":\"y\"},\"e\":\"z\"}", ["a.b.c=x", "a.d=y", "e=z"]),
      ("{\"a\":[\"x\",[\"y\"],{\"b\":\"z\"}]}", ["a=x", "a=y", "a.b=z"]),
      ("{\"a\":\"x\",\"a\":\"y\"}", ["a=x", "a=y"]), ("{\"\":\"x\"}", ["=x"]),
      ("{\"a\":\"\\u00e9\\n\\u0000\"}", ["a=é\n\u{0}"]), ("{\"a\":\"\\ud83c\\udf89\"}", ["a=🎉"]),
    ] as [(String, [String])])
  func valuesComeWithTheirPaths(text: String, expected: [String]) throws {
    #expect(try leaves(text) == expected)
  }

  @Test(arguments: [
    "", "[]", "1", "\"x\"", "null", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1} x",
    "{'a':1}",
    "{\"a\":tru}", "{\"a\":\"\\x\"}", "{\"a\":\"\\ud800\"}", "{\"a\":01}",
    "{\"a\":\"\u{1}\"}",
    "{\"a\":" + String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000) + "}",
  ])
  func whatIsNoDocumentIsRefused(text: String) {
    #expect(throws: DocumentError.self) { _ = try leaves(text) }
  }

  @Test func invalidUTF8IsRefused() {
    var block = InputBlock()
    let bytes: [UInt8] = Array("{\"a\":\"".utf8) + [0xff] + Array("\"}".utf8)
    block.append(bytes.span)
    var parser = JSONDocumentParser()
    #expect(throws: DocumentError.self) {
      try parser.parse(
        InputBlock.DocumentRange(byteOffset: 0, byteCount: bytes.count), of: block)
    }
  }

  /// So many that each path is kept only once.
  @Test func objectsBelowALongPathComeWithTheirPaths() throws {
    let key = String(repeating: "k", count: 100_000)
    let objects = (0..<100).map { #"{"x":\#($0),"y":{"x":"\#($0)"}}"# }.joined(separator: ",")
    let found = try leaves(#"{"\#(key)":{"x":[\#(objects),0]},"x":{"x":1,"y":2}}"#)
    let expected =
      (0..<100).flatMap { ["\(key).x.x=\($0)", "\(key).x.y.x=\($0)"] }
      + ["\(key).x=0", "x.x=1", "x.y=2"]
    #expect(found == expected)
  }
}
