/// A line through points at equal distances, by least squares.
package struct Trend: Sendable {
  /// How much a value grows from one point to the next.
  package let slope: Double
  /// The half width of the interval that holds the true slope in 95 of 100 cases, if the points
  /// scatter around the line independently.
  package let uncertainty: Double
  /// Whether every point of the second half is above every point of the first. Values that go up
  /// and down are no rise: some rounds use a thread's heap of two megabytes, others do not.
  package let staysAbove: Bool

  package init(_ values: [Double]) {
    let count = Double(values.count)
    let meanX = (count - 1) / 2
    let meanY = values.reduce(0, +) / count
    var covariance = 0.0
    var variance = 0.0
    for (index, value) in values.enumerated() {
      covariance += (Double(index) - meanX) * (value - meanY)
      variance += (Double(index) - meanX) * (Double(index) - meanX)
    }
    slope = covariance / variance
    var residual = 0.0
    for (index, value) in values.enumerated() {
      let error = value - meanY - slope * (Double(index) - meanX)
      residual += error * error
    }
    uncertainty =
      Self.studentsT(freedom: values.count - 2)
      * (residual / max(1, count - 2) / variance).squareRoot()
    let (first, second) = (values.prefix(values.count / 2), values.suffix(values.count / 2))
    staysAbove = (second.min() ?? 0) > (first.max() ?? 0)
  }

  /// The 97.5 % quantile of Student's t distribution: from tables up to ten degrees of freedom,
  /// then an upper bound.
  private static func studentsT(freedom: Int) -> Double {
    let table = [12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23]
    return freedom < 1 ? .infinity : freedom <= table.count ? table[freedom - 1] : 2.23
  }
}
