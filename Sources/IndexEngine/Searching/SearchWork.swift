package import SystemSupport

/// Counts what a search looks at, and ends it when the time is over or nobody wants it any more.
///
/// One search uses it, on one thread.
package final class SearchWork {
  /// What a word of the query stands for.
  private struct WordCount {
    var text: String
    var termCount = 0
    var postingCount = 0
  }

  /// Terms and postings looked at so far.
  package var count: Int { spentCount }
  // Private, for each access of a property that others see is checked while the program runs.
  private var spentCount = 0
  private var uncheckedCount = 0
  private var isOver = false
  private let timeout: Duration?
  private let deadline: ContinuousClock.Instant?
  private let cancellation: IndexingCancellation?
  private var words: [WordCount] = []

  /// The clock is looked at once for this many postings: in well under a millisecond.
  private static let checkInterval = 1 << 12

  package init(timeout: Duration? = nil, cancellation: IndexingCancellation? = nil) {
    self.timeout = timeout
    self.cancellation = cancellation
    deadline = timeout.map { ContinuousClock.now + $0 }
  }

  /// Takes note of the words that are looked for.
  package func begin(_ query: Query) { words = query.words.map { WordCount(text: $0.text) } }

  /// Counts a term that a word stands for in, and its documents.
  func addTerm(ofWord word: Int, documentCount: Int) {
    words[word].termCount += 1
    words[word].postingCount += documentCount
  }

  /// Counts what was looked at. Returns `false` if the search is to end: ``check()`` then throws.
  @inline(__always)
  func spend(_ amount: Int) -> Bool {
    spentCount &+= amount
    uncheckedCount &+= amount
    if _fastPath(uncheckedCount < Self.checkInterval) { return true }
    return look()
  }

  @inline(never)
  private func look() -> Bool {
    uncheckedCount = 0
    if let deadline, ContinuousClock.now >= deadline { isOver = true }
    return !isOver && !(cancellation?.isCancelled ?? false)
  }

  /// Throws if the search is to end.
  func check() throws(IndexerError) {
    guard !look() else { return }
    guard isOver, let timeout else { throw IndexerError(.cancelled) }
    let word = words.max { $0.postingCount < $1.postingCount }
    let commonestWord = word.flatMap { word in
      word.postingCount == 0
        ? nil
        : IndexerError.SearchTimeout.Word(
          text: word.text, termCount: word.termCount, documentCount: word.postingCount)
    }
    throw IndexerError(
      .timedOut(.init(allowed: timeout, commonestWord: commonestWord)))
  }
}
