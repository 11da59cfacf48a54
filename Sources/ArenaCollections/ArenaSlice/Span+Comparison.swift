// Comparison, hashing and text of elements, shared by arrays and slices.

extension Span where Element: Equatable {
  @inlinable
  func hasEqualElements(as other: Span<Element>) -> Bool {
    guard count == other.count else { return false }
    for position in indices where self[position] != other[position] { return false }
    return true
  }
}

extension Span where Element: Hashable {
  @inlinable
  func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for position in indices { hasher.combine(self[position]) }
  }
}

extension Span {
  /// The elements as text, in the form of the standard library's arrays.
  var listing: String {
    var text = "["
    for position in indices {
      if position > 0 { text += ", " }
      debugPrint(self[position], terminator: "", to: &text)
    }
    return text + "]"
  }
}
