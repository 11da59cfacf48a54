/// How far adding documents has come.
public struct IndexingProgress: Sendable, Equatable {
  /// Documents extracted so far.
  public var documentCount: Int
  /// Bytes of input read so far.
  public var readByteCount: Int
  /// Bytes of input in all, if known.
  public var totalByteCount: Int?
  /// Bytes of arenas and input held now.
  public var workByteCount: Int
  /// Bytes of pages held now that are not yet written.
  public var pageByteCount: Int
}

/// A document that was left out.
public struct SkippedDocument: Sendable, Equatable {
  /// The file and line it starts on.
  public var place: String
  /// What is wrong with it.
  public var problem: String
}

/// Where the time of the workers went, summed over them.
public struct IndexingStages: Sendable, Equatable {
  /// Reading input and cutting it into documents, and waiting for another worker that does.
  public var reading = Duration.zero
  /// Parsing documents, cutting text into terms and looking them up.
  public var extraction = Duration.zero
  /// Sorting, postings and compression.
  public var encoding = Duration.zero
  /// Waiting for the turn to write.
  public var waiting = Duration.zero
  /// Looking for replaced documents, writing, and waiting for the device.
  public var writing = Duration.zero

  static func += (left: inout IndexingStages, right: IndexingStages) {
    left.reading += right.reading
    left.extraction += right.extraction
    left.encoding += right.encoding
    left.waiting += right.waiting
    left.writing += right.writing
  }
}

/// What adding documents did.
public struct IndexingReport: Sendable, Equatable {
  /// Documents in the input that were indexed.
  public var documentCount = 0
  /// Documents among them, or in the index before, that a later one with the same id replaced.
  public var replacedCount = 0
  /// Documents that were left out because they cannot be indexed.
  public var skippedCount = 0
  /// The first of them, at most 20.
  public var skipped: [SkippedDocument] = []
  /// Terms that were longer than 250 bytes and left out.
  public var skippedTermCount = 0
  /// Distinct pairs of field and term, summed over the new segments.
  public var termCount = 0
  /// The number of segments written.
  public var segmentCount = 0
  /// Segments that went into larger ones afterwards.
  public var mergedSegmentCount = 0
  /// How long that took; part of ``duration``.
  public var mergingDuration = Duration.zero
  /// Why segments that were due could not be merged, if so. The documents are added all the same.
  public var mergingFailure: IndexerError?
  /// Bytes of input.
  public var readByteCount = 0
  /// Bytes of keys and values written.
  public var writtenByteCount = 0
  /// The most bytes of input blocks, arenas and unwritten pages at once: what the configuration's
  /// limit is about.
  public var memoryPeakByteCount = 0
  /// The most live bytes of any worker's arena, summed over the workers.
  public var arenaHighWaterByteCount = 0
  /// The chunks of the workers' arenas, in bytes.
  public var arenaReservedByteCount = 0
  /// Where the time went.
  public var stages = IndexingStages()
  /// The field that holds the ids.
  public var primaryKey = ""
  /// How often the map was full and grew.
  public var growthCount = 0
  /// How long it took.
  public var duration = Duration.zero

  /// The number of skipped documents that are described.
  static let maximumSkippedDescriptionCount = 20
}
