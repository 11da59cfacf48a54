import CUnicode

/// Cuts text into terms: maximal runs of letters and digits, case-folded, without diacritics.
///
/// A stretch of text between ASCII characters that are no letters or digits is one term if it is
/// ASCII; it is found and lowercased by the word: see ``ASCIIWindow``. If it has any other byte,
/// ICU finds words in it, a run of letters at a time: see `unicode_segmenter_find_words`. What a
/// stretch becomes thus depends on nothing around it, and takes no memory that grows with it.
///
/// Terms over 250 bytes are left out and counted; they take a position all the same, so that
/// phrases stay truthful. A tokenizer is used by one thread.
@safe
public struct Tokenizer: ~Copyable {
  /// A place in a text, and the words that the current stretch still has.
  public struct Cursor {
    fileprivate var offset = 0
    fileprivate var word = 0
    fileprivate var wordCount = 0
    /// The number of positions so far.
    public fileprivate(set) var positionCount = 0

    /// Stands at the beginning of a text.
    public init() {}
  }

  /// Terms that were too long, since the tokenizer was made.
  public private(set) var skippedTermCount = 0
  /// The number of bytes of the term found last: one to 250.
  public private(set) var byteCount = 0

  // SAFETY: for every use below, scratch and segmenter are this value's own, from `init` to
  // `deinit`.

  /// The term found last, written a window at a time.
  private let scratch: UnsafeMutablePointer<UInt8>
  /// One byte more than the longest term tells that a term is too long; the last window that is
  /// written starts there at the latest.
  private static let scratchByteCount =
    SegmentLimits.maximumTermByteCount + 1 + ASCIIWindow.byteCount
  private let segmenter: OpaquePointer
  private var words: UnsafePointer<unicode_word>?
  private var wordsText: UnsafePointer<UInt8>?
  /// Where the text starts that these words are from.
  private var wordsOffset = 0
  /// The number of positions when one of them was taken last.
  private var wordPositionCount = 0

  /// Creates a tokenizer.
  public init() {
    guard let segmenter = unsafe unicode_segmenter_create() else {
      fatalError("Tokenizer cannot open ICU")
    }
    unsafe self.segmenter = segmenter
    unsafe scratch = .allocate(capacity: Self.scratchByteCount)
    unsafe scratch.initialize(repeating: 0, count: Self.scratchByteCount)
    unsafe words = nil
    unsafe wordsText = nil
  }

  deinit {
    unsafe scratch.deallocate()
    unsafe unicode_segmenter_destroy(segmenter)
  }
}

extension Tokenizer {
  /// The term found last, valid until the next one is looked for.
  public var term: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      // SAFETY: the scratch holds as many bytes of the term.
      let term = unsafe Span(_unsafeStart: UnsafePointer(scratch), count: byteCount)
      return unsafe _overrideLifetime(term, borrowing: self)
    }
  }

  /// Finds the next term of `text`, or returns `nil` at its end.
  ///
  /// - Parameters:
  ///   - text: UTF-8, the same in every call with one cursor.
  ///   - cursor: Where to go on; a new one starts at the beginning.
  /// - Returns: The first bytes of the term; ``byteCount`` tells how many it has, and ``term`` has
  ///   all.
  @inline(__always)
  public mutating func next(in text: Span<UInt8>, _ cursor: inout Cursor) -> TermWords? {
    while true {
      if cursor.word < cursor.wordCount {
        if let words = takeWord(&cursor) { return words }
        continue
      }
      guard cursor.offset < text.count else { return nil }
      var window = ASCIIWindow(of: text, at: cursor.offset)
      guard window.inTerm != 0 else {
        cursor.offset &+= ASCIIWindow.byteCount
        continue
      }
      var offset = window.termOffset
      let start = cursor.offset &+ offset
      var end = window.termEnd(from: offset)
      if end == ASCIIWindow.byteCount, offset > 0 {
        // Most terms fit into a window that starts with them.
        window = ASCIIWindow(of: text, at: start)
        end = window.termEnd(from: 0)
        offset = 0
      }
      let count = end &- offset
      if _slowPath(!window.isASCII(upTo: end)) {
        findWords(in: text, from: start, &cursor)
        continue
      }
      let first = TermWords.lowest(count, of: window.folded &>> UInt64(8 &* offset))
      var words = TermWords(first: first, second: 0)
      if count == ASCIIWindow.byteCount {
        window = ASCIIWindow(of: text, at: start &+ count)
        end = window.termEnd(from: 0)
        if _slowPath(end == ASCIIWindow.byteCount || !window.isASCII(upTo: end)) {
          if let words = takeLongTerm(in: text, from: start, &cursor) { return words }
          continue
        }
        words.second = TermWords.lowest(end, of: window.folded)
        byteCount = count &+ end
      } else {
        byteCount = count
      }
      store(words)
      cursor.offset = start &+ byteCount
      cursor.positionCount &+= 1
      return words
    }
  }

  /// Writes the first bytes of a term to the scratch.
  @inline(__always)
  private func store(_ words: TermWords) {
    store(words.first, at: 0)
    store(words.second, at: ASCIIWindow.byteCount)
  }

  @inline(__always)
  private func store(_ word: UInt64, at byteOffset: Int) {
    // SAFETY: `byteOffset` is at most one more than the longest term, and a window fits after that.
    unsafe UnsafeMutableRawPointer(scratch).storeBytes(
      of: word.littleEndian, toByteOffset: byteOffset, as: UInt64.self)
  }

  /// The first bytes of the term in the scratch.
  private func loadWords() -> TermWords {
    let scratch = unsafe UnsafeRawPointer(scratch)
    // SAFETY: the scratch has room for two words.
    let first = unsafe UInt64(littleEndian: scratch.loadUnaligned(as: UInt64.self))
    let second = unsafe UInt64(
      littleEndian: scratch.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    return TermWords(
      first: TermWords.lowest(min(byteCount, 8), of: first),
      second: TermWords.lowest(min(max(0, byteCount - 8), 8), of: second))
  }

  /// Takes a term of 16 bytes or more, or one that turns out not to be ASCII. Returns `nil` if
  /// there is none to index.
  @inline(never)
  private mutating func takeLongTerm(
    in text: Span<UInt8>, from start: Int, _ cursor: inout Cursor
  ) -> TermWords? {
    byteCount = 0
    while true {
      let window = ASCIIWindow(of: text, at: start &+ byteCount)
      let end = window.termEnd(from: 0)
      guard window.isASCII(upTo: end) else {
        findWords(in: text, from: start, &cursor)
        return nil
      }
      store(window.folded, at: min(byteCount, SegmentLimits.maximumTermByteCount + 1))
      byteCount &+= end
      if end < ASCIIWindow.byteCount { break }
    }
    cursor.offset = start &+ byteCount
    cursor.positionCount &+= 1
    guard byteCount <= SegmentLimits.maximumTermByteCount else {
      skippedTermCount &+= 1
      return nil
    }
    return loadWords()
  }

  /// Takes the next word that ICU found. Returns `nil` if it is too long.
  @inline(never)
  private mutating func takeWord(_ cursor: inout Cursor) -> TermWords? {
    // SAFETY: the segmenter returned as many words, all of them within its text.
    let word = unsafe words.unsafelyUnwrapped[cursor.word]
    cursor.word += 1
    cursor.positionCount += 1
    wordPositionCount = cursor.positionCount
    guard word.byte_count <= SegmentLimits.maximumTermByteCount else {
      skippedTermCount += 1
      return nil
    }
    byteCount = word.byte_count
    // SAFETY: as above, and the scratch has room for the longest term.
    unsafe scratch.update(
      from: wordsText.unsafelyUnwrapped + word.byte_offset, count: byteCount)
    return loadWords()
  }

  /// Lets ICU find words in a stretch that is not ASCII: those of its first letters, or of its
  /// first sign that stands for some.
  @inline(never)
  private mutating func findWords(
    in text: Span<UInt8>, from start: Int, _ cursor: inout Cursor
  ) {
    let rest = text.extracting(start..<text.count)
    cursor.word = 0
    cursor.wordCount = 0
    wordsOffset = start
    var takenCount = 0
    // SAFETY: the text is read during the call; the results stay until the next one.
    unsafe rest.withUnsafeBufferPointer { bytes in
      unsafe words = unicode_segmenter_find_words(
        segmenter, bytes.baseAddress, bytes.count, &takenCount, &cursor.wordCount, &wordsText)
    }
    precondition(unsafe words != nil, "Tokenizer out of memory")
    cursor.offset = start &+ takenCount
  }
}

extension Tokenizer {
  /// Where the term found last comes from in the text that `cursor` goes through.
  public func sourceRange(at cursor: Cursor) -> Range<Int> {
    // A word that the segmenter found took the last position.
    guard cursor.wordCount > 0, cursor.positionCount == wordPositionCount else {
      return cursor.offset - byteCount..<cursor.offset
    }
    // SAFETY: the term found last is one of the words that the segmenter returned last.
    let word = unsafe words.unsafelyUnwrapped[cursor.word - 1]
    let start = wordsOffset + word.source_byte_offset
    return start..<start + word.source_byte_count
  }

  /// The bytes of memory it takes, whatever the texts are.
  public var memoryByteCount: Int {
    unsafe Self.scratchByteCount + unicode_segmenter_memory_byte_count(segmenter)
  }
}
