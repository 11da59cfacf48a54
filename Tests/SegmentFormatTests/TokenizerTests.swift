import ArenaTestSupport
import Testing

@testable import SegmentFormat
@_spi(Internals) @testable import SystemSupport

@Suite struct TokenizerTests {
  private func terms(_ text: String) -> [String] {
    var tokenizer = Tokenizer()
    return terms(text, &tokenizer)
  }

  /// The first 16 bytes of a term, byte by byte.
  private func words(of term: String) -> TermWords {
    var words = TermWords(first: 0, second: 0)
    for (index, byte) in term.utf8.prefix(16).enumerated() {
      let bits = UInt64(byte) << UInt64(index % 8 * 8)
      if index < 8 { words.first |= bits } else { words.second |= bits }
    }
    return words
  }

  private func terms(_ text: String, _ tokenizer: inout Tokenizer) -> [String] {
    var found: [String] = []
    var cursor = Tokenizer.Cursor()
    let bytes = Array(text.utf8)
    while let words = tokenizer.next(in: bytes.span, &cursor) {
      found.append(String(decoding: tokenizer.term))
      #expect(words == self.words(of: found[found.count - 1]))
    }
    return found
  }

  @Test(
    arguments: [
      ("", []), ("   ", []), ("Hello, World!", ["hello", "world"]), ("x86_64", ["x86", "64"]),
      ("don't", ["don", "t"]), ("a.b@c-d", ["a", "b", "c", "d"]), ("3.14", ["3", "14"]),
      ("naïve", ["naive"]), ("nai\u{308}ve", ["naive"]), ("CRÈME brûlée", ["creme", "brulee"]),
      ("Straße", ["strasse"]), ("STRASSE", ["strasse"]), ("İstanbul", ["istanbul"]),
      ("Istanbul", ["istanbul"]), ("ılık", ["ılık"]), ("ΣΊΣΥΦΟΣ", ["σισυφοσ"]),
      ("Σίσυφος", ["σισυφοσ"]),
      ("ﬁnance", ["finance"]), ("①", ["1"]), ("Ｆｕｌｌ", ["full"]), ("Москва", ["москва"]),
      ("Ёлка", ["елка"]),
      ("日本語テキスト", ["日本語", "テキスト"]), ("学校がある", ["学校", "が", "ある"]), ("か\u{3099}", ["が"]),
      ("中文分词", ["中文", "分词"]), ("ภาษาไทย", ["ภาษา", "ไทย"]), ("한국어", ["한국어"]),
      ("हिन्दी", ["हिन्दी"]), ("🎉", []), ("a🎉b", ["a", "b"]), ("tab\tnew\nline", ["tab", "new", "line"]),
      ("coöpe\u{ad}rate", ["cooperate"]), ("ශ්\u{200d}රී ලංකාව", ["ශ්රී", "ලංකාව"]),
      ("می\u{200c}خواهم", ["میخواهم"]), ("ภาษา\u{200b}ไทย", ["ภาษา", "ไทย"]),
      ("été\u{200b}hiver", ["ete", "hiver"]), ("שָׁלוֹם", ["שָׁלוֹם"]), ("été2024", ["ete2024"]),
      ("x²", ["x", "2"]), ("½", ["1", "2"]), ("a．b", ["a", "b"]), ("\u{2060}é\u{feff}", ["e"]),
      ("l’été", ["l", "ete"]), ("no\u{a0}break", ["no", "break"]), ("\u{301}", []),
    ] as [(String, [String])])
  func textBecomesTerms(text: String, expected: [String]) {
    #expect(terms(text) == expected)
  }

  /// A sign that stands for letters or digits is a word by itself, never part of the one beside it.
  @Test(
    arguments: [
      ("foo™ bar", ["foo", "tm", "bar"]), ("foo℠", ["foo", "sm"]), ("mc²", ["mc", "2"]),
      ("m²m", ["m", "2", "m"]), ("step①go", ["step", "1", "go"]), ("①②", ["1", "2"]),
      ("2½", ["2", "1", "2"]), ("№5", ["no", "5"]), ("nr№", ["nr", "no"]), ("5㎏", ["5", "kg"]),
      ("20℃", ["20", "c"]), ("a㍿b", ["a", "株式会社", "b"]),
      ("محمدﷺ", ["محمد", "صلى", "الله", "عليه", "وسلم"]),
      ("fooⓇ", ["foo", "r"]), ("ⒽⒺⓁⓁⓄ", ["hello"]), ("foo®", ["foo"]), ("©2024", ["2024"]),
      ("H₂O", ["h", "2", "o"]), ("Привет™", ["привет", "tm"]), ("日本語™", ["日本語", "tm"]),
      ("1️⃣st", ["1st"]), ("Henry Ⅷ", ["henry", "viii"]), ("二〇二四", ["二", "〇", "二", "四"]),
      ("1ª", ["1a"]), ("ｶﾞｲﾄﾞ", ["ガイド"]), ("𝐇𝐞𝐥𝐥𝐨", ["hello"]), ("foo\u{301}™", ["foo", "tm"]),
      ("™\u{301}x", ["tm", "x"]), ("a¼b¾", ["a", "1", "4", "b", "3", "4"]),
    ] as [(String, [String])])
  func aSignThatStandsForLettersIsAWordByItself(text: String, expected: [String]) {
    #expect(terms(text) == expected)
    // In a longer text it is the same.
    #expect(terms("before \(text) after") == ["before"] + expected + ["after"])
  }

  /// Sorting marks took time that grows with their square: twice the text, four times as long.
  @Test(arguments: ["\u{301}\u{316}", "\u{5b0}\u{5b8}", "\u{3099}\u{302a}", "\u{20dd}\u{301}"])
  func marksWithoutEndTakeNoMoreThanTheirBytes(marks: String) {
    var tokenizer = Tokenizer()
    let text = "word a" + String(repeating: marks, count: 500_000) + " end"
    let found = terms(text, &tokenizer)
    #expect(found.first == "word" && found.last == "end")
    // Either they are removed, or the word is longer than any that is indexed.
    #expect(found.count == (tokenizer.skippedTermCount == 0 ? 3 : 2))
    #expect(tokenizer.memoryByteCount < 256 << 10)
  }

  /// What is said about a text does not depend on how long it is, however it is written.
  @Test(
    arguments: [
      "\u{fdfa}", "ภาษาไทย", "日本語テキスト", "中文分词", "д", "a\u{301}", "é—", "²", "ﬁ", "\u{ad}",
      "\u{1100}\u{1161}",
      "𝐇", "ש\u{5b0}", "ကမ္ဘာ", "ⓐ", "\u{1f82}",
    ])
  func memoryDoesNotGrowWithTheText(part: String) {
    var tokenizer = Tokenizer()
    let count = terms(String(repeating: part, count: 100), &tokenizer).count
    let skippedCount = tokenizer.skippedTermCount
    let many = terms(String(repeating: part, count: 50_000) + " end", &tokenizer)
    #expect(many.last == "end")
    #expect(tokenizer.memoryByteCount < 256 << 10)
    // Cut anywhere, words stay what they are; one that is too long is counted once.
    if count > 100 { #expect(abs(many.count - 1 - count * 500) <= 5) }
    #expect(tokenizer.skippedTermCount - skippedCount <= 1)
  }

  @Test func aWordWithoutEndIsCountedOnceAndTakesOnePosition() {
    var tokenizer = Tokenizer()
    var cursor = Tokenizer.Cursor()
    let bytes = Array((String(repeating: "é", count: 100_000) + "中文 end").utf8)
    var found: [String] = []
    var positions: [Int] = []
    while tokenizer.next(in: bytes.span, &cursor) != nil {
      found.append(String(decoding: tokenizer.term))
      positions.append(cursor.positionCount - 1)
    }
    #expect(found == ["中文", "end"] && positions == [1, 2])
    #expect(tokenizer.skippedTermCount == 1)
  }

  /// The limit of 512 MiB that UTF-16 had ended the program.
  @Test func manySeparatorsThatAreNotASCIIAreOneCall() {
    var tokenizer = Tokenizer()
    #expect(terms(String(repeating: "—", count: 1_000_000) + "x", &tokenizer) == ["x"])
    // What is looked at together may end anywhere in them.
    for count in Array(1...3) + Array(1_000...1_040) {
      let dashes = String(repeating: "—", count: count)
      #expect(terms("é\(dashes)dé\(dashes)中文\(dashes)", &tokenizer) == ["e", "de", "中文"])
      let word = String(repeating: "é", count: count)
      #expect(
        terms("\(word)—dé", &tokenizer)
          == (count < 251 ? [String(repeating: "e", count: count)] : []) + ["de"])
    }
  }

  @Test func termsTellWhereTheyComeFrom() {
    var tokenizer = Tokenizer()
    for (text, expected) in [
      ("Foo, bár™ b", ["Foo", "bár", "™", "b"]), ("中文分词 abc", ["中文", "分词", "abc"]),
      ("b ½", ["b", "½", "½"]),
      ("abcdefgh ijklmnopqrstuvwxyz", ["abcdefgh", "ijklmnopqrstuvwxyz"]),
      ("x", ["x"]), ("ﬁn coö\u{ad}p", ["ﬁn", "coö\u{ad}p"]), ("ภาษาไทย", ["ภาษา", "ไทย"]),
    ] {
      let bytes = Array(text.utf8)
      var cursor = Tokenizer.Cursor()
      var found: [String] = []
      while tokenizer.next(in: bytes.span, &cursor) != nil {
        found.append(String(decoding: bytes[tokenizer.sourceRange(at: cursor)], as: UTF8.self))
      }
      #expect(found == expected)
    }
  }

  @Test func termsOverTheLimitAreSkippedCountedAndTakeAPosition() {
    var tokenizer = Tokenizer()
    let longest = String(repeating: "a", count: 250)
    let tooLong = String(repeating: "b", count: 251)
    let tooLongUnicode = String(repeating: "д", count: 126)
    var cursor = Tokenizer.Cursor()
    let bytes = Array("\(longest) \(tooLong) \(tooLongUnicode) end".utf8)
    var positions: [Int] = []
    while tokenizer.next(in: bytes.span, &cursor) != nil {
      positions.append(cursor.positionCount - 1)
    }
    #expect(positions == [0, 3])
    #expect(cursor.positionCount == 4)
    #expect(tokenizer.skippedTermCount == 2)
  }

  /// The path for ASCII must say what ICU would say.
  @Test(arguments: SeededGenerator.seeds(10))
  func asciiPathAgreesWithTheModel(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var tokenizer = Tokenizer()
    for _ in 0..<300 {
      let text = String(
        decoding: (0..<Int.random(in: 0..<60, using: &random)).map { _ in
          UInt8.random(in: 0..<128, using: &random)
        }, as: UTF8.self)
      #expect(terms(text, &tokenizer) == NaiveTerms.of(text), "seed \(seed)")
    }
  }

  /// Text is looked at eight bytes at a time; where these begin and end must not show.
  @Test func termsDoNotDependOnWhereTheyLie() {
    let alphabet = Array("ABCxyz0189")
    var tokenizer = Tokenizer()
    for byteCount in [0, 1, 2, 6, 7, 8, 9, 15, 16, 17, 40, 249, 250, 251, 260, 300] {
      for before in 0...9 {
        for after in 0...9 {
          let word = String((0..<byteCount).map { alphabet[$0 % alphabet.count] })
          let text =
            String(repeating: "-", count: before) + word + String(repeating: "-", count: after)
          let expected = (1...250).contains(byteCount) ? [word.lowercased()] : []
          #expect(terms(text, &tokenizer) == expected, "\(byteCount) bytes at \(before)")
          #expect(
            terms("A " + text + " B", &tokenizer) == ["a"] + expected + ["b"],
            "\(byteCount) bytes at \(before)")
        }
      }
    }
  }

  @Test func oneLetterThatIsNotASCIIMovesTheWholeStretchToICU() {
    var tokenizer = Tokenizer()
    for byteCount in 1...40 {
      for place in 0..<byteCount {
        for before in 0...8 {
          let word = String(repeating: "e", count: byteCount)
          let accented =
            String(repeating: "E", count: place) + "É"
            + String(repeating: "e", count: byteCount - place - 1)
          let text = String(repeating: " ", count: before) + accented + ",x"
          #expect(terms(text, &tokenizer) == [word, "x"], "\(place) of \(byteCount)")
        }
      }
    }
  }

  @Test func invalidBytesSeparateWords() {
    var tokenizer = Tokenizer()
    var cursor = Tokenizer.Cursor()
    let bytes: [UInt8] = [0x61, 0xff, 0xfe, 0x62, 0x20, 0xc3]
    var found: [String] = []
    while let words = tokenizer.next(in: bytes.span, &cursor) {
      found.append(String(decoding: tokenizer.term))
      #expect(words == self.words(of: found[found.count - 1]))
    }
    #expect(found == ["a", "b"])
  }
}
