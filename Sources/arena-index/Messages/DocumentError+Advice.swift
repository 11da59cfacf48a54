import IndexerPipeline

extension DocumentError {
  /// What to do about a document that stops a command.
  func advice(for role: IndexerError.DocumentRole) -> String {
    switch role {
    case .essential: advice
    case .optional: "\(advice), or leave such documents out with '--skip-bad'"
    case .ofGuessedFormat:
      "if these are rows of fields, use '--format csv' or '--format tsv'"
    case .onlyBadOnes(count: 1): "there is no other document"
    case .onlyBadOnes(let count): "none of the \(count) documents can be indexed"
    }
  }

  /// What to do about it, besides leaving it out.
  var advice: String {
    switch self {
    case .invalidJSON: "correct it"
    case .tooLong(let limit):
      "split it into smaller documents"
        + (limit < IndexerConfiguration.largestDocumentByteCount
          ? ", allow more with '--max-document-size'" : "")
    case .tooManyFields(_, let limit): "documents have at most \(limit)"
    case .id(let problem): problem.advice
    case .row(let problem): problem.advice
    }
  }
}

extension DocumentError.IDProblem {
  fileprivate var advice: String {
    switch self {
    case .severalFields: "choose one with '--primary-key'"
    case .nestedFieldsOnly(let names):
      "say so with '--primary-key', as in: --primary-key '\(names.first ?? "")'"
    case .noField: "name one with '--primary-key', or use '--generate-ids'"
    case .missing: "add it, or use '--generate-ids'"
    case .repeated: "leave one of them out"
    case .inArray: "make it a string or an integer"
    case .neitherStringNorInteger: "make it one of them"
    case .empty(let limit): "ids have 1 to \(limit) bytes"
    case .tooLong(_, let limit): "ids have at most \(limit) bytes of UTF-8"
    }
  }
}

extension DocumentError.RowProblem {
  fileprivate var advice: String {
    switch self {
    case .ambiguousSeparator: "say which with '--separator'"
    case .spaceBeforeQuote: "remove it"
    case .unnamedColumn: "the first row names the fields: give each column a name"
    case .columnNameIsNotUTF8: "convert the file to UTF-8"
    case .repeatedColumnName: "give each column a name of its own"
    case .fieldCount(_, _, let separator, hasQuotes: true):
      "put fields that contain \(Self.name(ofSeparator: separator)) in quotes"
    case .fieldCount:
      "in TSV no field can contain a tab; use '--format csv' if there are quotes around them"
    case .quoteWithoutEnd: "add the quote"
    case .textAfterQuote: "write a quote within quotes twice"
    }
  }
}
