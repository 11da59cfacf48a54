/// A program of operations on an arena, made from bytes: random ones, or those of a fuzzer.
///
/// The first eight bytes choose the configuration, each four that follow are one operation. Every
/// byte string is a program, so parts of a failing one can be left out to find a smaller one that
/// fails.
public struct ArenaProgram: Sendable {
  /// The bytes it was made from.
  public let bytes: [UInt8]

  /// Makes a program.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// One operation: what to do, and three numbers whose meaning depends on it.
  struct Operation {
    enum Kind: UInt8, CaseIterable {
      case allocateBytes, allocateWords, allocateVectors, allocateValue
      case copy, generate, failingInitializer, nestedInitializer
      case arrayOfWords, arrayOfTracked, arrayOfVectors, box
      case scope, end, checkpoint, rewind
      case reset, trim, text, dictionary
      case editWords, editTracked, interner, stringDictionary

      /// The kind that a byte stands for. Those below 200 mean what they meant before there were
      /// the last four kinds, so that programs which were collected before still do what they were
      /// kept for.
      init(byte: UInt8) {
        let firstCount: UInt8 = 20
        let newCount = UInt8(Self.allCases.count) - firstCount
        self =
          Self.allCases[
            Int(byte < 200 ? byte % firstCount : firstCount + (byte - 200) % newCount)]
      }
    }

    var kind: Kind
    var first: Int
    var second: Int

    /// A number of elements: mostly small, sometimes larger than any chunk.
    var count: Int {
      switch first % 16 {
      case 0: 0
      case 1..<12: second % 60
      case 12..<15: second % 3_000
      default: second % 2_000 * 40
      }
    }

    /// The number of elements that a container has room for from the start: mostly none.
    var initialCapacity: Int {
      switch first / 16 {
      case 0..<8: 0
      case 8..<14: second % 70
      default: second % 1_000
      }
    }
  }

  static let configurationByteCount = 8
  static let operationByteCount = 4

  var operations: [Operation] {
    stride(
      from: Self.configurationByteCount, through: bytes.count - Self.operationByteCount,
      by: Self.operationByteCount
    ).map { offset in
      Operation(
        kind: Operation.Kind(byte: bytes[offset]),
        first: Int(bytes[offset + 1]), second: Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3]))
    }
  }

  /// The bytes that choose the configuration; zeros where the program is shorter.
  func choice(_ index: Int) -> Int { index < bytes.count ? Int(bytes[index]) : 0 }
}

extension ArenaProgram {
  /// A random program.
  public static func random(
    operationCount: Int, using random: inout some RandomNumberGenerator
  ) -> ArenaProgram {
    let count = configurationByteCount + operationCount * operationByteCount
    return ArenaProgram((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) })
  }

  /// Looks for a smaller program for which `fails` is still true, by leaving out operations, half
  /// of them first, then fewer, and by making numbers zero.
  public func shrunk(while fails: (ArenaProgram) -> Bool) -> ArenaProgram {
    var best = self
    var isSmaller = true
    while isSmaller {
      isSmaller = false
      var length = max(1, best.operations.count / 2)
      while length >= 1 {
        var start = Self.configurationByteCount
        while start < best.bytes.count {
          var bytes = best.bytes
          bytes.removeSubrange(start..<min(bytes.count, start + length * Self.operationByteCount))
          let candidate = ArenaProgram(bytes)
          if fails(candidate) {
            best = candidate
            isSmaller = true
          } else {
            start += length * Self.operationByteCount
          }
        }
        length /= 2
      }
      for index in best.bytes.indices where best.bytes[index] != 0 {
        var bytes = best.bytes
        bytes[index] = 0
        let candidate = ArenaProgram(bytes)
        if fails(candidate) { best = candidate }
      }
    }
    return best
  }
}

extension ArenaProgram: CustomStringConvertible {
  /// The program for a person to read, with the bytes that make it again.
  public var description: String {
    let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let lines = operations.map { "  \($0.kind) \($0.first) \($0.second)" }
    return "program \(hex)\n\(lines.joined(separator: "\n"))"
  }

  /// The program whose description begins with these digits.
  public init?(hex: String) {
    guard hex.utf8.count % 2 == 0 else { return nil }
    let digits = hex.compactMap(\.hexDigitValue)
    guard digits.count == hex.utf8.count else { return nil }
    self.init(
      stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) })
  }
}
