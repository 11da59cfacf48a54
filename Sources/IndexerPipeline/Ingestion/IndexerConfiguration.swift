import DocumentInput
import Glibc
import SegmentFormat

/// The limits and budgets of adding documents.
public struct IndexerConfiguration: Sendable {
  /// How the input is written.
  public var format: InputFormat
  /// What stands between the fields of a row, in ASCII, or `nil` for what the first rows show.
  public var separator: UInt8?
  /// The field that holds the documents' ids, or `nil` for the one the index has, else the one that
  /// the first document shows: `id`, `_id`, `uid`, `uuid` or `key`, the first of these that it has,
  /// else the only one whose name ends in `_id`, `Id` or `ID`.
  public var primaryKey: String?
  /// Whether documents whose id is missing, `null` or empty get one: a hash of their bytes, 32
  /// hexadecimal digits, the same wherever and whenever they are added. Documents that are equal
  /// byte for byte are one.
  ///
  /// If neither ``primaryKey`` nor the index says which field holds ids, only the names that
  /// ``primaryKey`` lists do, and without one of these, `id`.
  public var generatesIDs: Bool
  /// The memory to work in, in bytes, for arenas, input and pages not yet written. 256 MiB by
  /// default, at least 16 MiB.
  ///
  /// Less memory means smaller segments.
  public var memoryByteCount: Int
  /// The number of threads that extract; the number of processors by default, at most eight.
  public var threadCount: Int
  /// Whether documents that cannot be indexed are left out and reported, instead of ending the
  /// operation.
  public var skipsBadDocuments: Bool
  /// The most bytes of one document: 256 MiB by default, at most 1 GiB.
  public var maximumDocumentByteCount: Int
  /// The most fields of the index, counting those whose documents are deleted until it is made
  /// anew: 4,096 by default, at most 65,536. More are hardly ever names that a person gave.
  public var maximumFieldCount: Int
  /// Whether segments are merged afterwards when there are many: searching stays quick, at the cost
  /// of writing again now and then. True by default.
  public var mergesSegments: Bool

  /// Creates a configuration; every parameter has a default.
  ///
  /// - Parameters:
  ///   - format: How the input is written.
  ///   - separator: What stands between the fields of a row.
  ///   - primaryKey: The field that holds the ids.
  ///   - generatesIDs: Whether documents without an id get one.
  ///   - memoryByteCount: The memory to work in, in bytes.
  ///   - threadCount: The number of threads that extract.
  ///   - skipsBadDocuments: Whether documents that cannot be indexed are left out.
  ///   - maximumDocumentByteCount: The most bytes of one document.
  ///   - maximumFieldCount: The most fields of the index.
  ///   - mergesSegments: Whether segments are merged when there are many.
  public init(
    format: InputFormat = .auto, separator: UInt8? = nil, primaryKey: String? = nil,
    generatesIDs: Bool = false, memoryByteCount: Int = 256 << 20, threadCount: Int? = nil,
    skipsBadDocuments: Bool = false, maximumDocumentByteCount: Int = 256 << 20,
    maximumFieldCount: Int = 1 << 12, mergesSegments: Bool = true
  ) {
    self.format = format
    self.separator = separator
    self.primaryKey = primaryKey
    self.generatesIDs = generatesIDs
    self.memoryByteCount = memoryByteCount
    self.threadCount = threadCount ?? max(1, min(8, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
    self.skipsBadDocuments = skipsBadDocuments
    self.maximumDocumentByteCount = maximumDocumentByteCount
    self.maximumFieldCount = maximumFieldCount
    self.mergesSegments = mergesSegments
  }
}

extension IndexerConfiguration {
  /// The least memory to work in.
  static let minimumMemoryByteCount = 16 << 20
  /// What a document may be allowed at most.
  package static let largestDocumentByteCount = 1 << 30
  /// The most threads.
  static let maximumThreadCount = 64

  /// The least budget of address space to work in, and what each thread more needs: there is then
  /// as much for the heap, of which a thread has parts of its own, besides its stack.
  private static let minimumBudgetByteCount = 48 << 20

  /// The configuration with no more memory and threads than the address space of the process has
  /// room for beside the maps of indexes: Swift ends a program whose heap has no room.
  ///
  /// - Throws: ``IndexerError`` with `badRequest` if a value cannot be worked with, `outOfMemory`
  ///   if the address space is too small for anything.
  func fitted(
    to budget: AddressSpaceBudget = .process
  ) throws(IndexerError) -> IndexerConfiguration {
    try check()
    guard budget.byteCount >= Self.minimumBudgetByteCount else {
      throw IndexerError(.memory(.addressSpace(byteCount: 2 * budget.byteCount)))
    }
    var fitted = self
    fitted.memoryByteCount = min(
      memoryByteCount, max(Self.minimumMemoryByteCount, budget.byteCount / 4))
    fitted.threadCount = min(threadCount, budget.byteCount / Self.minimumBudgetByteCount)
    return fitted
  }

  /// Throws if a value cannot be worked with.
  func check() throws(IndexerError) {
    try PrimaryKey.check(name: primaryKey)
    try format.check(separator: separator)
    try Self.check(.memoryByteCount, memoryByteCount, in: Self.minimumMemoryByteCount...Int.max)
    try Self.check(.threadCount, threadCount, in: 1...Self.maximumThreadCount)
    try Self.check(
      .maximumFieldCount, maximumFieldCount, in: 1...SegmentLimits.maximumFieldCount)
    try Self.check(
      .maximumDocumentByteCount, maximumDocumentByteCount, in: 1...Self.largestDocumentByteCount)
  }

  private static func check(
    _ setting: IndexerError.Setting, _ value: Int, in allowed: ClosedRange<Int>
  ) throws(IndexerError) {
    guard allowed.contains(value) else {
      throw IndexerError(.request(.setting(setting, value: value, allowed: allowed)))
    }
  }

  /// The memory of one worker: its input and its arena. What a transaction writes is in memory
  /// up to three times: where a merge has put it together, as pages of LMDB, and on its way to the
  /// file.
  private var workerByteCount: Int { (memoryByteCount - 3 * transactionByteCount) / threadCount }

  /// How many bytes of arena a byte of input takes, before a block has been seen.
  static let expectedArenaBytesPerByte = 6.0

  /// The input a worker takes at a time: so much that it fits its memory together with what is made
  /// of it.
  func blockByteCount(arenaBytesPerByte ratio: Double) -> Int {
    // An eighth is left for blocks that take more than those before.
    let byteCount = Int(Double(workerByteCount) / (1 + ratio) * 0.875)
    return min(max(byteCount, 64 << 10), 64 << 20)
  }

  /// A document with more bytes is a batch by itself, in chunks from the allocator. It may take 64
  /// times its size: two bytes of an array are a number, for which the parser alone has a leaf of
  /// 64 bytes.
  var largeDocumentByteCount: Int { workerByteCount / 16 }

  /// The addresses of a worker's arena: its share, the most that one more document may take beyond
  /// it, and as much again for arrays that moved while they grew.
  var arenaRangeByteCount: Int { max(8 * workerByteCount, 128 << 20) }

  /// The live bytes at which a batch is written although its block has more documents.
  var batchByteCount: Int { workerByteCount / 8 * 7 }

  /// The bytes written in one transaction, which LMDB keeps in memory until it commits.
  var transactionByteCount: Int { min(max(memoryByteCount / 32, 1 << 20), 8 << 20) }
}
