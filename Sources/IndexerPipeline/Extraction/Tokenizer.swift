import CUnicode

/// Cuts text into terms: maximal runs of letters and digits, case-folded, without diacritics.
///
/// A stretch of text between ASCII characters that are no letters or digits is taken as a whole. If
/// it is ASCII, it is one term, and lowercasing it is a table look-up for each byte. If it has any
/// other byte, ICU cuts it into words: see `unicode_segmenter_find_words`. What a stretch becomes
/// thus depends on nothing around it.
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

  /// The lowercased term.
  private let scratch: UnsafeMutablePointer<UInt8>
  private let segmenter: OpaquePointer
  private var words: UnsafePointer<unicode_word>?
  private var wordsText: UnsafePointer<UInt8>?

  init() {
    guard let segmenter = unsafe unicode_segmenter_create() else {
      fatalError("Tokenizer cannot open ICU")
    }
    unsafe self.segmenter = segmenter
    // One byte more than the longest term tells that a term is too long.
    unsafe scratch = .allocate(capacity: SegmentLimits.maximumTermByteCount + 1)
    unsafe scratch.initialize(repeating: 0, count: SegmentLimits.maximumTermByteCount + 1)
    unsafe words = nil
    unsafe wordsText = nil
  }

  deinit {
    unsafe scratch.deallocate()
    unsafe unicode_segmenter_destroy(segmenter)
  }

  /// For each byte: zero if it separates terms, else the byte in lower case. Bytes above 127 stand
  /// for themselves.
  private static let folded: [UInt8] = (0..<256).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...:
      UInt8(byte)
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte) | 0x20
    default: 0
    }
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
    let folded = Self.folded.span
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

      var offset = cursor.offset
      while offset < text.count, folded[Int(text[offset])] == 0 { offset &+= 1 }
      guard offset < text.count else {
        cursor.offset = offset
        return nil
      }
      let start = offset
      var isASCII = true
      var byteCount = 0
      while offset < text.count {
        let byte = folded[Int(text[offset])]
        if byte == 0 { break }
        if byte >= 0x80 {
          isASCII = false
          break
        }
        // SAFETY: the scratch has room for one byte more than the longest term.
        if byteCount <= SegmentLimits.maximumTermByteCount {
          unsafe scratch[byteCount] = byte
          byteCount &+= 1
        }
        offset &+= 1
      }
      if isASCII {
        cursor.offset = offset
        cursor.position += 1
        guard byteCount <= SegmentLimits.maximumTermByteCount else {
          skippedTermCount += 1
          continue
        }
        let term = unsafe Span(_unsafeStart: UnsafePointer(scratch), count: byteCount)
        return unsafe _overrideLifetime(term, mutating: &self)
      }
      while offset < text.count, folded[Int(text[offset])] != 0 { offset &+= 1 }
      cursor.offset = offset
      findWords(in: text.extracting(start..<offset), &cursor)
    }
  }

  /// Lets ICU cut a stretch that is not ASCII into words.
  @inline(never)
  private mutating func findWords(in stretch: Span<UInt8>, _ cursor: inout Cursor) {
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
