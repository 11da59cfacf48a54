/// Why a document cannot be indexed.
public enum DocumentError: Error, Sendable, Equatable {
  /// It is no JSON, or JSON that cannot be worked with, as the parser says.
  case invalidJSON(String)
  /// It has more than `limit` bytes.
  case tooLong(limit: Int)
  /// It has more fields than a document may have.
  case tooManyFields(count: Int, limit: Int)
  /// Its id is not known, or is none.
  case id(IDProblem)
  /// The row that it is cannot be read.
  case row(RowProblem)

  /// What is wrong with the id of a document.
  public enum IDProblem: Sendable, Equatable {
    /// Several fields could hold it.
    case severalFields([String])
    /// No field of the top level could hold it, but some below could.
    case nestedFieldsOnly([String])
    /// No field could hold it; those of the top level are given.
    case noField([String])
    /// The field that holds it is not there; `nested` is one below it that is.
    case missing(field: String, nested: String?)
    /// The field that holds it is there twice.
    case repeated(field: String)
    /// The field that holds it is in an array.
    case inArray(field: String)
    /// The field that holds it has neither a string nor an integer.
    case neitherStringNorInteger(field: String)
    /// It has no bytes; `limit` is how many it may have.
    case empty(limit: Int)
    /// It has more bytes than an id may have.
    case tooLong(byteCount: Int, limit: Int)
  }

  /// What is wrong with a row of an input that is rows.
  public enum RowProblem: Sendable, Equatable {
    /// Several characters could stand between the fields.
    case ambiguousSeparator([UInt8])
    /// The name of a column has space before its quote.
    case spaceBeforeQuote(column: Int)
    /// A column has no name.
    case unnamedColumn(Int)
    /// The name of a column is not UTF-8.
    case columnNameIsNotUTF8(column: Int)
    /// Two columns have the same name.
    case repeatedColumnName(String, columns: [Int])
    /// It has more or fewer fields than there are names. `separator` stands between them; without
    /// quotes it cannot be part of one.
    case fieldCount(Int, expected: Int, separator: UInt8, hasQuotes: Bool)
    /// A field starts with a quote, and none ends it.
    case quoteWithoutEnd
    /// A field goes on after the quote that ends it.
    case textAfterQuote
  }
}

extension DocumentError: CustomStringConvertible {
  /// What is wrong, for logs.
  public var description: String {
    switch self {
    case .invalidJSON(let reason): reason
    case .tooLong(let limit): "a document of more than \(limit) bytes"
    case .tooManyFields(let count, _): "the document has \(count) fields"
    case .id(let problem): problem.description
    case .row(let problem): problem.description
    }
  }
}

extension DocumentError.IDProblem: CustomStringConvertible {
  /// What is wrong, for logs.
  public var description: String {
    switch self {
    case .severalFields(let names):
      "several fields could hold the id: \(Self.list(names))"
    case .nestedFieldsOnly(let names):
      "no field of the top level holds the id, but \(Self.list(names)) could"
    case .noField(let names):
      "no field is known to hold the id"
        + (names.isEmpty ? "" : ": the fields are \(Self.list(names))")
    case .missing(let field, let nested):
      "the document has no field '\(field)', which holds the id"
        + (nested.map { ", but '\($0)'" } ?? "")
    case .repeated(let field):
      "the document has the field '\(field)', which holds the id, twice"
    case .inArray(let field): "the id in field '\(field)' is in an array"
    case .neitherStringNorInteger(let field):
      "the id in field '\(field)' is neither a string nor an integer"
    case .empty: "the id is empty"
    case .tooLong(let byteCount, _): "the id has \(byteCount) bytes"
    }
  }

  /// More fields than these are not named.
  package static let maximumNamedCount = 8

  private static func list(_ names: [String]) -> String {
    names.prefix(maximumNamedCount).map { "'\($0)'" }.joined(separator: ", ")
      + (names.count > maximumNamedCount ? ", …" : "")
  }
}

extension DocumentError.RowProblem: CustomStringConvertible {
  /// What is wrong, for logs.
  public var description: String {
    switch self {
    case .ambiguousSeparator(let separators):
      "the fields of a row could be separated by "
        + separators.map(Self.name(ofSeparator:)).joined(separator: " or ")
    case .spaceBeforeQuote(let column):
      "the name of column \(column) has space before its quote"
    case .unnamedColumn(let column): "column \(column) of the first row has no name"
    case .columnNameIsNotUTF8(let column): "the name of column \(column) is not UTF-8"
    case .repeatedColumnName(let name, let columns):
      "columns \(columns.map(String.init).joined(separator: " and ")) of the first row are both "
        + "called '\(name)'"
    case .fieldCount(let count, let expected, _, _):
      "the row has \(count) fields, the first row has \(expected)"
    case .quoteWithoutEnd: "a field starts with a quote, and none ends it"
    case .textAfterQuote: "a field goes on after the quote that ends it"
    }
  }

  /// A separator in words: "a tab", "','".
  package static func name(ofSeparator byte: UInt8) -> String {
    byte == UInt8(ascii: "\t") ? "a tab" : "'\(Character(Unicode.Scalar(byte)))'"
  }
}
