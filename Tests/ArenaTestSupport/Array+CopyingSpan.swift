extension Array {
  /// The elements of a span, for comparing.
  public init(copying span: Span<Element>) {
    self = span.indices.map { span[$0] }
  }
}
