import IndexerPipeline

extension SearchHint {
  /// What a person should know about the query: how it was read, and how to ask for what may have
  /// been meant.
  var text: TerminalText {
    switch self {
    case .exclusion(let word):
      "'\(word)' does not leave documents out: its words are looked for like all others"
    case .conjunction(let word):
      "'\(word)' does not join words: a document must have all words of a query"
    case .quotation(let words):
      "'\(words)' need not stand together: quotes are passed over; '--phrase' looks for a phrase"
    case .wildcard(let word):
      "'\(word)' is looked for as a whole word; with '--prefix' the last word may be a beginning"
    case .unknownField(let name, let similar?):
      "the index has no field '\(name)', so it is looked for as a word; it has '\(similar)'"
    case .unknownField(let name, nil):
      """
      the index has no field '\(name)', so it is looked for as a word; 'stats' lists the fields, \
      and 'get' finds an id that is a number
      """
    case .fieldWithoutWord(let name):
      "'\(name):' has no word: write '\(name):word' without a space; what follows is looked for everywhere"
    }
  }
}
