/// A client's unsigned integer whose division leaves the dividend itself.
struct WrongInteger: FixedWidthInteger, UnsignedInteger {
  var number: UInt8

  init(_ number: UInt8) { self.number = number }
  init<Source: BinaryInteger>(truncatingIfNeeded source: Source) {
    number = UInt8(truncatingIfNeeded: source)
  }
  init<Source: BinaryInteger>(_ source: Source) { number = UInt8(source) }
  init<Source: BinaryFloatingPoint>(_ source: Source) { number = UInt8(source) }
  init?<Source: BinaryInteger>(exactly source: Source) {
    guard let number = UInt8(exactly: source) else { return nil }
    self.number = number
  }
  init(_truncatingBits bits: UInt) { number = UInt8(truncatingIfNeeded: bits) }
  init(integerLiteral value: UInt8) { number = value }

  static var bitWidth: Int { 8 }
  static var max: WrongInteger { WrongInteger(.max) }
  static var min: WrongInteger { WrongInteger(.min) }
  var words: UInt8.Words { number.words }
  var nonzeroBitCount: Int { number.nonzeroBitCount }
  var leadingZeroBitCount: Int { number.leadingZeroBitCount }
  var trailingZeroBitCount: Int { number.trailingZeroBitCount }
  var byteSwapped: WrongInteger { self }

  func quotientAndRemainder(
    dividingBy other: WrongInteger
  ) -> (quotient: WrongInteger, remainder: WrongInteger) {
    (WrongInteger(number / other.number), self)
  }

  func addingReportingOverflow(_ other: Self) -> (partialValue: Self, overflow: Bool) {
    let (value, overflow) = number.addingReportingOverflow(other.number)
    return (WrongInteger(value), overflow)
  }
  func subtractingReportingOverflow(_ other: Self) -> (partialValue: Self, overflow: Bool) {
    let (value, overflow) = number.subtractingReportingOverflow(other.number)
    return (WrongInteger(value), overflow)
  }
  func multipliedReportingOverflow(by other: Self) -> (partialValue: Self, overflow: Bool) {
    let (value, overflow) = number.multipliedReportingOverflow(by: other.number)
    return (WrongInteger(value), overflow)
  }
  func dividedReportingOverflow(by other: Self) -> (partialValue: Self, overflow: Bool) {
    let (value, overflow) = number.dividedReportingOverflow(by: other.number)
    return (WrongInteger(value), overflow)
  }
  func remainderReportingOverflow(dividingBy other: Self) -> (partialValue: Self, overflow: Bool) {
    (self, false)
  }
  func dividingFullWidth(
    _ dividend: (high: WrongInteger, low: WrongInteger)
  ) -> (quotient: WrongInteger, remainder: WrongInteger) {
    (dividend.low, self)
  }

  static func + (left: Self, right: Self) -> Self { Self(left.number + right.number) }
  static func - (left: Self, right: Self) -> Self { Self(left.number - right.number) }
  static func * (left: Self, right: Self) -> Self { Self(left.number * right.number) }
  static func / (left: Self, right: Self) -> Self { Self(left.number / right.number) }
  static func % (left: Self, right: Self) -> Self { left }
  static func += (left: inout Self, right: Self) { left = left + right }
  static func -= (left: inout Self, right: Self) { left = left - right }
  static func *= (left: inout Self, right: Self) { left = left * right }
  static func /= (left: inout Self, right: Self) { left = left / right }
  static func %= (left: inout Self, right: Self) {}
  static func &= (left: inout Self, right: Self) { left.number &= right.number }
  static func |= (left: inout Self, right: Self) { left.number |= right.number }
  static func ^= (left: inout Self, right: Self) { left.number ^= right.number }
  static func &>>= (left: inout Self, right: Self) { left.number &>>= right.number }
  static func &<<= (left: inout Self, right: Self) { left.number &<<= right.number }
}
