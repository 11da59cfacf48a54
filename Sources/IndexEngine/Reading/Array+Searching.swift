extension Array {
  /// The first element at or above `value`, not before `start`, of elements in order; the count if
  /// there is none.
  ///
  /// - Complexity: O(log *d*) for the distance *d* to it.
  package func firstIndex(
    atOrAbove value: Element, from start: Int, by isOrdered: (Element, Element) -> Bool
  ) -> Int {
    var low = start
    var step = 1
    while low + step <= count, isOrdered(self[low + step - 1], value) {
      low += step
      step *= 2
    }
    var high = Swift.min(low + step, count)
    while low < high {
      let middle = (low + high) / 2
      if isOrdered(self[middle], value) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Array where Element: Comparable {
  /// The same for elements in increasing order.
  package func firstIndex(atOrAbove value: Element, from start: Int) -> Int {
    firstIndex(atOrAbove: value, from: start, by: <)
  }
}
