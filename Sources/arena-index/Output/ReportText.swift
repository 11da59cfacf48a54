import IndexerPipeline

extension IndexingReport {
  /// The report for a person.
  func text(index: String) -> TerminalText {
    var lines: [TerminalText] = [
      "Added \(Formatting.plural(documentCount, "document")) to '\(index)' "
        + "in \(Formatting.seconds(duration)) (\(Formatting.rate(readByteCount, in: duration)))",
      "  input        \(Formatting.bytes(readByteCount))"
        + (primaryKey.isEmpty ? "" : ", ids from '\(primaryKey)'"),
      "  terms        \(Formatting.count(termCount)) in \(Formatting.plural(segmentCount, "segment")), "
        + "\(Formatting.bytes(writtenByteCount)) written",
      "  memory       \(Formatting.bytes(memoryPeakByteCount)) at most, "
        + "\(Formatting.bytes(arenaHighWaterByteCount)) of it in arenas",
    ]
    if let memory = ProcessMemory.current() {
      lines.append(
        "  resident     \(Formatting.bytes(memory.residentAnonymousByteCount)) (RssAnon)")
    }
    if mergedSegmentCount > 0 {
      lines.append(
        "  merged       \(Formatting.plural(mergedSegmentCount, "segment")) into larger ones "
          + "in \(Formatting.seconds(mergingDuration)) of the time")
    }
    if let mergingFailure {
      lines.append("  not merged   \(mergingFailure.message); the next 'add' tries again")
    }
    if replacedCount > 0 {
      lines.append("  replaced     \(Formatting.plural(replacedCount, "document"))")
    }
    if skippedTermCount > 0 {
      lines.append(
        "  left out     \(Formatting.plural(skippedTermCount, "term")) of more than 250 bytes")
    }
    if skippedCount > 0 {
      lines.append("  skipped      \(Formatting.plural(skippedCount, "document"))")
      for document in skipped { lines.append("    \(document.place): \(document.problem)") }
      if skippedCount > skipped.count { lines.append("    …") }
    }
    return lines.joined(separator: "\n")
  }

  /// The report for a program.
  func json(index: String) -> JSONLine {
    JSONLine()
      .with("index", index)
      .with("documents", documentCount)
      .with("replaced", replacedCount)
      .with("skipped", skippedCount)
      .with("skippedTerms", skippedTermCount)
      .with("terms", termCount)
      .with("segments", segmentCount)
      .with("mergedSegments", mergedSegmentCount)
      .with("inputBytes", readByteCount)
      .with("writtenBytes", writtenByteCount)
      .with("memoryPeakBytes", memoryPeakByteCount)
      .with("arenaHighWaterBytes", arenaHighWaterByteCount)
      .with("arenaReservedBytes", arenaReservedByteCount)
      .with("rssAnonBytes", ProcessMemory.current()?.residentAnonymousByteCount)
      .with("primaryKey", primaryKey)
      .with("seconds", duration.inSeconds)
      .with(
        "stageSeconds",
        [
          "read": stages.reading, "extract": stages.extraction, "encode": stages.encoding,
          "wait": stages.waiting, "write": stages.writing, "merge": mergingDuration,
        ].mapValues(\.inSeconds)
      )
  }
}
