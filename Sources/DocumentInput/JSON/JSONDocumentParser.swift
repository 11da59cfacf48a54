public import CSimdJSON
public import SystemSupport

/// Parses documents with simdjson, one at a time, where they lie in an input block.
@_spi(Internals)
@safe
public struct JSONDocumentParser: ~Copyable {
  // SAFETY: for every use below, the parser is this value's own, from `init` to `deinit`.
  private let parser: OpaquePointer
  @usableFromInline var leaves: UnsafePointer<json_leaf>?
  /// The number of values of the document parsed last.
  public internal(set) var leafCount = 0

  /// Creates a parser that has parsed nothing.
  public init() {
    guard let parser = unsafe json_parser_create() else {
      fatalError("JSONDocumentParser out of memory")
    }
    unsafe self.parser = parser
    unsafe leaves = nil
  }

  deinit { unsafe json_parser_destroy(parser) }

  /// Parses a document of `block`. Its leaves can then be read until the next one is parsed.
  ///
  /// - Throws: ``DocumentError`` if the reader found a problem, or the document is no JSON object.
  public mutating func parse(
    _ document: InputBlock.DocumentRange, of block: borrowing InputBlock
  ) throws(DocumentError) {
    leafCount = 0
    if !block.problems.isEmpty, let problem = block.problems[document.byteOffset] { throw problem }
    // SAFETY: the document lies within the block, which is readable beyond its end for the padding.
    if let message = unsafe json_parser_parse(
      parser, block.start + document.byteOffset, document.byteCount)
    {
      throw .invalidJSON(unsafe String(cString: message))
    }
    unsafe leaves = json_parser_leaves(parser, &leafCount)
  }

  /// About how many bytes of memory it holds for a document of `byteCount` bytes that was parsed
  /// last.
  public func memoryByteCount(afterDocumentOf byteCount: Int) -> Int {
    unsafe json_parser_memory_byte_count(parser, byteCount)
  }

  /// A value of the document parsed last.
  ///
  /// - Precondition: `index` is below `leafCount`.
  @inlinable
  @_lifetime(borrow self)
  public borrowing func leaf(_ index: Int) -> DocumentLeaf {
    precondition(index < leafCount, "JSONDocumentParser index out of range")
    // SAFETY: the parser keeps its leaves until the next document, which needs this borrow to end.
    let leaf = unsafe leaves.unsafelyUnwrapped[index]
    let path = unsafe Span(_unsafeStart: leaf.path, count: leaf.path_byte_count)
    let text = unsafe Span(_unsafeStart: leaf.text ?? leaf.path, count: leaf.text_byte_count)
    let kind: DocumentLeaf.Kind =
      switch unsafe leaf.kind {
      case json_string: .string
      case json_integer: .integer
      case json_unsigned_integer: .unsignedInteger
      case json_large_integer: .largeInteger
      case json_double: .double
      case json_boolean: .boolean
      default: .null
      }
    let value = unsafe DocumentLeaf(
      path: path, text: text, kind: kind, depth: Int(leaf.depth), isInArray: leaf.in_array != 0,
      pathNumber: Int(leaf.path_number), bits: leaf.integer)
    return unsafe _overrideLifetime(value, borrowing: self)
  }
}
