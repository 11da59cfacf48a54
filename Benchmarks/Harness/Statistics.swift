extension Array<Double> {
  /// The middle value; of an even number of values the mean of both in the middle.
  ///
  /// - Precondition: There is at least one.
  var median: Double {
    let sorted = self.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
