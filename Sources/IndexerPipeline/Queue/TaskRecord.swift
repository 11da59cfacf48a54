@_spi(Internals) import SystemSupport
import SegmentFormat

/// What is known about a task.
public struct TaskRecord: Sendable, Equatable {
  /// What is to be done.
  public enum Kind: String, Sendable, CaseIterable {
    case add, delete, drop, swap, compact

    /// Whether it changes documents: such tasks of one index are done together.
    var changesDocuments: Bool { self == .add || self == .delete }
  }

  /// How far it has come.
  public enum Status: String, Sendable, CaseIterable {
    /// It has not begun.
    case waiting
    /// A scheduler is at it, or was when its process ended; the next one goes on.
    case running
    /// It is done.
    case succeeded
    /// It could not be done, and has changed nothing.
    case failed
    /// It was cancelled before it was done, and has changed nothing.
    case cancelled

    /// Whether nothing more will happen.
    public var isFinished: Bool { self != .waiting && self != .running }
  }

  /// A file of input that belongs to the task.
  struct Payload: Sendable, Equatable {
    /// Its name in the store.
    var file: String
    /// The name of what it is a copy of, for messages.
    var source: String
    /// How it is written; `nil` for changes.
    var format: InputFormat?
    var byteCount: Int
  }

  /// The number: tasks of one index are done in the order of their numbers.
  public internal(set) var number: UInt64 = 0
  /// What is to be done.
  public internal(set) var kind: Kind
  /// How far it has come.
  public internal(set) var status = Status.waiting
  /// The index.
  public internal(set) var index: String
  /// The other index of a swap.
  public internal(set) var otherIndex: String?
  /// When it was enqueued, in milliseconds since 1970.
  public internal(set) var enqueuedAt = 0
  /// When a scheduler began with it, in milliseconds since 1970.
  public internal(set) var startedAt: Int?
  /// When it was finished, in milliseconds since 1970.
  public internal(set) var finishedAt: Int?
  /// Documents that were added, or ids that were asked to be deleted.
  public internal(set) var documentCount = 0
  /// Documents that were left out because they cannot be indexed.
  public internal(set) var skippedCount = 0
  /// The first of them, at most ten.
  public internal(set) var skipped: [SkippedDocument] = []
  /// Why it failed, in the words of ``TaskScheduler/Configuration/failureText``.
  public internal(set) var problem: String?
  /// Whether someone has asked for its end while it was running.
  public internal(set) var isCancellationRequested = false

  var options = IndexOperation.DocumentOptions()
  var payloads: [Payload] = []
  /// The directory of the index it is being applied to.
  var directory: String?

  static let maximumSkippedDescriptionCount = 10

  /// The bytes of its input.
  public var payloadByteCount: Int { payloads.reduce(0) { $0 + $1.byteCount } }

  init(_ kind: Kind, index: String, otherIndex: String? = nil) {
    self.kind = kind
    self.index = index
    self.otherIndex = otherIndex
  }

  /// Makes it one that could not be done.
  mutating func fail(_ problem: String) {
    status = .failed
    self.problem = problem
    documentCount = 0
    skippedCount = 0
    skipped = []
  }

  /// Whether the task is about the index called `name`.
  public func concerns(_ name: String) -> Bool { index == name || otherIndex == name }
}

// MARK: - The stored form

extension TaskRecord {
  private static let formatVersion = 2

  /// The stored form, without the number, which is the key. Numbers are varints; an optional one is
  /// stored plus one, and zero is `nil`. Text is preceded by its byte count.
  func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendVarint(Self.formatVersion)
    bytes.appendText(kind.rawValue)
    bytes.appendText(status.rawValue)
    bytes.appendText(index)
    bytes.appendText(otherIndex ?? "")
    bytes.appendVarint(enqueuedAt)
    bytes.appendVarint(startedAt.map { $0 + 1 } ?? 0)
    bytes.appendVarint(finishedAt.map { $0 + 1 } ?? 0)
    encodeOutcome(to: &bytes)
    bytes.appendVarint(isCancellationRequested ? 1 : 0)
    bytes.appendText(options.format.rawValue)
    bytes.appendVarint(options.separator.map { Int($0) + 1 } ?? 0)
    bytes.appendText(options.primaryKey ?? "")
    bytes.appendVarint(options.generatesIDs ? 1 : 0)
    bytes.appendVarint(options.skipsBadDocuments ? 1 : 0)
    bytes.appendVarint(payloads.count)
    for payload in payloads {
      bytes.appendText(payload.file)
      bytes.appendText(payload.source)
      bytes.appendText(payload.format?.rawValue ?? "")
      bytes.appendVarint(payload.byteCount)
    }
    bytes.appendText(directory ?? "")
    return bytes
  }

  /// What came of it: the part that the index keeps, too.
  func encodeOutcome(to bytes: inout [UInt8]) {
    bytes.appendVarint(documentCount)
    bytes.appendVarint(skippedCount)
    bytes.appendVarint(skipped.count)
    for document in skipped {
      bytes.appendText(document.place)
      bytes.appendText(document.problem)
    }
    bytes.appendText(problem ?? "")
  }

  /// Decodes what ``encoded()`` wrote.
  init(number: UInt64, _ bytes: Span<UInt8>) throws(DecodingFault) {
    var reader = ByteReader(bytes)
    guard try reader.readVarint() == Self.formatVersion else {
      throw DecodingFault(problem: "a task of another version", byteOffset: 0)
    }
    let kind: Kind = try reader.readCase()
    let status: Status = try reader.readCase()
    self.init(kind, index: try reader.readText(), otherIndex: try reader.readOptionalText())
    self.number = number
    self.status = status
    enqueuedAt = try reader.readNumber()
    startedAt = try reader.readOptionalNumber()
    finishedAt = try reader.readOptionalNumber()
    try decodeOutcome(from: &reader)
    isCancellationRequested = try reader.readVarint() != 0
    options.format = try reader.readCase()
    let separatorOffset = reader.byteOffset
    let separator = try reader.readOptionalNumber()
    guard separator.map({ $0 < 0x80 }) ?? true else {
      throw DecodingFault(problem: "impossible separator", byteOffset: separatorOffset)
    }
    options.separator = separator.map { UInt8(truncatingIfNeeded: $0) }
    options.primaryKey = try reader.readOptionalText()
    options.generatesIDs = try reader.readVarint() != 0
    options.skipsBadDocuments = try reader.readVarint() != 0
    for _ in 0..<(try reader.readCount()) {
      let offset = reader.byteOffset
      let (file, source) = (try reader.readText(), try reader.readText())
      // The name becomes part of a path.
      guard StoredName.isValid(file) else {
        throw DecodingFault(problem: "impossible file name", byteOffset: offset)
      }
      let formatOffset = reader.byteOffset
      let format = try reader.readOptionalText()
      guard format.map({ InputFormat(rawValue: $0) != nil }) ?? true else {
        throw DecodingFault(problem: "unknown format", byteOffset: formatOffset)
      }
      payloads.append(
        Payload(
          file: file, source: source, format: format.flatMap(InputFormat.init),
          byteCount: Int(try reader.readAmount())))
    }
    let offset = reader.byteOffset
    directory = try reader.readOptionalText()
    guard directory.map(StoredName.isValid) ?? true else {
      throw DecodingFault(problem: "impossible directory name", byteOffset: offset)
    }
  }

  /// Decodes what ``encodeOutcome(to:)`` wrote.
  mutating func decodeOutcome(from reader: inout ByteReader) throws(DecodingFault) {
    documentCount = try reader.readNumber()
    skippedCount = try reader.readNumber()
    skipped = []
    for _ in 0..<(try reader.readCount()) {
      skipped.append(
        SkippedDocument(place: try reader.readText(), problem: try reader.readText()))
    }
    problem = try reader.readOptionalText()
  }
}
