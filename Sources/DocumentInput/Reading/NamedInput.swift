/// An input as the pipeline reads it.
package struct NamedInput {
  /// Where the bytes are.
  package var source: InputSource
  /// What messages call it.
  package var name: String
  /// How it is written.
  package var format: InputFormat
  /// What is said to stand between the fields of a row.
  package var separator: UInt8?

  /// An input that has its own name.
  ///
  /// - Parameters:
  ///   - source: Where the bytes are.
  ///   - format: How it is written, unless the name of a file tells.
  ///   - separator: What stands between the fields of a row, if that is known.
  package init(_ source: InputSource, format: InputFormat, separator: UInt8? = nil) {
    self.init(source, named: source.name, format: format, separator: separator)
    guard format == .auto else { return }
    if case .file(let path) = source { self.format = .named(by: path) }
    // What has fields has rows; those of TSV have tabs.
    let mayHaveOther = self.format == .auto || self.format == .tsv
    if let separator, mayHaveOther, separator != RowDialect.tsv.separator || self.format == .auto {
      self.format = .csv
    }
  }

  /// An input that was copied from elsewhere.
  package init(
    _ source: InputSource, named name: String, format: InputFormat, separator: UInt8? = nil
  ) {
    self.source = source
    self.name = name
    self.format = format
    self.separator = separator
  }
}
