import CSimdJSON

/// A value of a document that holds no others.
struct DocumentLeaf: ~Escapable {
  /// The kinds of values.
  enum Kind {
    case string
    case integer
    case unsignedInteger
    /// One that has no 64 bits.
    case largeInteger
    /// Any other number.
    case double
    case boolean
    case null
  }

  /// The keys that lead to it, joined by '.'.
  let path: Span<UInt8>
  /// The text of a string, or the digits of a large integer; empty for other kinds.
  let text: Span<UInt8>
  let kind: Kind
  /// How many keys the path has.
  let depth: Int
  /// Whether it is one of possibly several values in an array.
  let isInArray: Bool
  /// The same for values of which it is known that they have the same path. Numbers start at zero
  /// and go up by one with each path that is met; a path that is met again may have another one.
  let pathNumber: Int
  private let bits: UInt64

  @_lifetime(copy path, copy text)
  init(
    path: Span<UInt8>, text: Span<UInt8>, kind: Kind, depth: Int, isInArray: Bool, pathNumber: Int,
    bits: UInt64
  ) {
    self.path = path
    self.text = text
    self.kind = kind
    self.depth = depth
    self.isInArray = isInArray
    self.pathNumber = pathNumber
    self.bits = bits
  }

  /// Whether it is `true`.
  var isTrue: Bool { kind == .boolean && bits != 0 }

  /// Appends the digits of an integer. Returns `false` if it is something else.
  func appendDigits(to bytes: inout [UInt8]) -> Bool {
    var rest: UInt64
    switch kind {
    case .integer:
      let number = Int64(bitPattern: bits)
      if number < 0 { bytes.append(UInt8(ascii: "-")) }
      rest = number.magnitude
    case .unsignedInteger: rest = bits
    case .largeInteger:
      bytes.append(copying: text)
      return true
    case .string, .double, .boolean, .null: return false
    }
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    // In place: a slice would be a copy.
    var (left, right) = (start, bytes.count - 1)
    while left < right {
      bytes.swapAt(left, right)
      (left, right) = (left + 1, right - 1)
    }
    return true
  }
}

/// Parses documents with simdjson, one at a time, where they lie in an input block.
@safe
struct JSONDocumentParser: ~Copyable {
  // SAFETY: for every use below, the parser is this value's own, from `init` to `deinit`.
  private let parser: OpaquePointer
  private var leaves: UnsafePointer<json_leaf>?
  /// The number of values of the document parsed last.
  private(set) var leafCount = 0

  init() {
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
  mutating func parse(
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

  /// About how many bytes of memory it holds for a document of `byteCount` bytes that was parsed last.
  func memoryByteCount(afterDocumentOf byteCount: Int) -> Int {
    unsafe json_parser_memory_byte_count(parser, byteCount)
  }

  /// A value of the document parsed last.
  ///
  /// - Precondition: `index` is below `leafCount`.
  @_lifetime(borrow self)
  borrowing func leaf(_ index: Int) -> DocumentLeaf {
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
