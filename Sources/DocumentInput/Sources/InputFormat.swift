/// How documents are written in the input.
public enum InputFormat: String, Sendable, CaseIterable {
  /// By the file's extension, else by its first characters.
  case auto
  /// An array of objects, or objects one after the other, in any layout.
  case json
  /// One object a line.
  case ndjson
  /// Rows of fields with commas in between, or semicolons, tabs or bars, as the first rows show;
  /// the first row names the fields. A field in quotes may contain separators and line ends.
  ///
  /// A row is stored as a JSON object whose values are strings.
  case csv
  /// Rows of fields with tabs in between; the first row names the fields. There is no quoting: a
  /// quote is a character like any other, and every line is a row (the media type
  /// text/tab-separated-values).
  case tsv
}
