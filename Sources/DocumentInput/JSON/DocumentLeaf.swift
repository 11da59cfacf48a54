@_spi(Internals) import SystemSupport

/// A value of a document that holds no others.
@_spi(Internals)
public struct DocumentLeaf: ~Escapable {
  /// The kinds of values.
  public enum Kind {
    case string
    case integer
    case unsignedInteger
    /// One that has no 64 bits.
    case largeInteger
    /// Any other number.
    case double
    case boolean
    case null

    /// Written out, so that clients compare in place.
    @inlinable
    public static func == (left: Kind, right: Kind) -> Bool {
      switch (left, right) {
      case (.string, .string), (.integer, .integer), (.unsignedInteger, .unsignedInteger),
        (.largeInteger, .largeInteger), (.double, .double), (.boolean, .boolean), (.null, .null):
        true
      default: false
      }
    }
  }

  /// The keys that lead to it, joined by '.'.
  public let path: Span<UInt8>
  /// The text of a string, or the digits of a large integer; empty for other kinds.
  public let text: Span<UInt8>
  /// The kind of the value.
  public let kind: Kind
  /// How many keys the path has.
  @usableFromInline let depth: Int
  /// Whether it is one of possibly several values in an array.
  @usableFromInline let isInArray: Bool
  /// The same for values of which it is known that they have the same path. Numbers start at zero
  /// and go up by one with each path that is met; a path that is met again may have another one.
  public let pathNumber: Int
  @usableFromInline let bits: UInt64

  @inlinable
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
