extension Int {
  /// The largest multiple of `grain` that is not above this number, which is not negative.
  package func roundedDown(to grain: Int) -> Int { self - self % grain }
}
