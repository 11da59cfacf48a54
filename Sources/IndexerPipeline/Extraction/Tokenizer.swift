import CUnicode

/// Cuts text into terms: maximal runs of letters and digits, case-folded, without diacritics.
///
/// A stretch of text between ASCII characters that are no letters or digits is taken as a whole. If
/// it is ASCII, it is one term, which is found and lowercased by the word: see ``ASCIIWindow``. If
/// it has any other byte, ICU cuts it into words: see `unicode_segmenter_find_words`. What a stretch
/// becomes thus depends on nothing around it.
///
/// Terms over 250 bytes are left out and counted; they take a position all the same, so that
/// phrases stay truthful. A tokenizer is used by one thread.
@safe
struct Tokenizer: ~Copyable {
  /// A place in a text, and the terms that the current stretch still has.
  struct Cursor {
    fileprivate var offset = 0
    fileprivate var word = 0
    fileprivate var wordCount = 0
    /// The position of the term returned last.
    fileprivate(set) var position = -1

    /// The number of positions so far.
    var positionCount: Int { position + 1 }
  }

  /// Terms that were too long, since the tokenizer was made.
  private(set) var skippedTermCount = 0

  // SAFETY: for every use below, scratch and segmenter are this value's own, from `init` to `deinit`.

  /// The lowercased term, written a window at a time.
  private let scratch: UnsafeMutablePointer<UInt8>
  /// One byte more than the longest term tells that a term is too long; the last window that is
  /// written starts there at the latest.
  private static let scratchByteCount =
    SegmentLimits.maximumTermByteCount + 1 + ASCIIWindow.byteCount
  private let segmenter: OpaquePointer
  private var words: UnsafePointer<unicode_word>?
  private var wordsText: UnsafePointer<UInt8>?

  init() {
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
  /// The next term of `text`, or `nil` at its end.
  ///
  /// - Parameters:
  ///   - text: UTF-8, the same in every call with one cursor.
  ///   - cursor: Where to go on; a new one starts at the beginning.
  /// - Returns: One to 250 bytes, valid until the next call.
  @_lifetime(&self)
  mutating func next(in text: Span<UInt8>, _ cursor: inout Cursor) -> Span<UInt8>? {
    while true {
      while cursor.word < cursor.wordCount {
        // SAFETY: the segmenter returned as many words, all of them within its text.
        let word = unsafe words.unsafelyUnwrapped[cursor.word]
        cursor.word += 1
        cursor.position += 1
        guard word.byte_count <= SegmentLimits.maximumTermByteCount else {
          skippedTermCount += 1
          continue
        }
        let term = unsafe Span(
          _unsafeStart: wordsText.unsafelyUnwrapped + word.byte_offset, count: word.byte_count)
        return unsafe _overrideLifetime(term, mutating: &self)
      }

      guard cursor.offset < text.count else { return nil }
      var window = ASCIIWindow(of: text, at: cursor.offset)
      guard window.inTerm != 0 else {
        cursor.offset &+= ASCIIWindow.byteCount
        continue
      }
      var scratchOffset = window.termOffset
      let start = cursor.offset &+ scratchOffset
      var end = window.termEnd(from: scratchOffset)
      if end == ASCIIWindow.byteCount, scratchOffset > 0 {
        // Most terms fit into a window that starts with them.
        window = ASCIIWindow(of: text, at: start)
        end = window.termEnd(from: 0)
        scratchOffset = 0
      }
      guard window.isASCII(upTo: end) else {
        findWords(in: text, from: start, &cursor)
        continue
      }
      store(window, at: 0)
      var byteCount = end &- scratchOffset
      while end == ASCIIWindow.byteCount {
        window = ASCIIWindow(of: text, at: start &+ byteCount)
        end = window.termEnd(from: 0)
        store(window, at: min(byteCount, SegmentLimits.maximumTermByteCount + 1))
        byteCount &+= end
        if !window.isASCII(upTo: end) { break }
      }
      guard window.isASCII(upTo: end) else {
        findWords(in: text, from: start, &cursor)
        continue
      }
      cursor.offset = start &+ byteCount
      cursor.position &+= 1
      guard byteCount <= SegmentLimits.maximumTermByteCount else {
        skippedTermCount &+= 1
        continue
      }
      // SAFETY: the windows that hold the term were written there.
      let term = unsafe Span(
        _unsafeStart: UnsafePointer(scratch + scratchOffset), count: byteCount)
      return unsafe _overrideLifetime(term, mutating: &self)
    }
  }

  /// Writes a window to the scratch.
  @inline(__always)
  private func store(_ window: ASCIIWindow, at byteOffset: Int) {
    // SAFETY: `byteOffset` is at most one more than the longest term, and a window fits after that.
    unsafe UnsafeMutableRawPointer(scratch).storeBytes(
      of: window.folded.littleEndian, toByteOffset: byteOffset, as: UInt64.self)
  }

  /// Lets ICU cut a stretch that is not ASCII into words.
  @inline(never)
  private mutating func findWords(
    in text: Span<UInt8>, from start: Int, _ cursor: inout Cursor
  ) {
    var end = start
    while end < text.count {
      let window = ASCIIWindow(of: text, at: end)
      let byteCount = window.termEnd(from: 0)
      end &+= byteCount
      if byteCount < ASCIIWindow.byteCount { break }
    }
    let stretch = text.extracting(start..<end)
    cursor.offset = end
    cursor.word = 0
    cursor.wordCount = 0
    // SAFETY: the stretch is read during the call; the results stay until the next one.
    unsafe stretch.withUnsafeBufferPointer { bytes in
      unsafe words = unicode_segmenter_find_words(
        segmenter, bytes.baseAddress, bytes.count, &cursor.wordCount, &wordsText)
    }
    precondition(unsafe words != nil, "Tokenizer out of memory")
  }
}
