/// What one run of a workload gave.
struct WorkResult {
  var seconds: Double
  /// What all implementations must agree on.
  var checksum: UInt64
  /// The bytes that the arena held at the end; zero where there is none.
  var reservedByteCount = 0
}

/// Measures how long `body` takes, in seconds.
func timed(_ body: () -> WorkResult) -> WorkResult {
  let start = ContinuousClock.now
  var result = body()
  let (seconds, attoseconds) = (ContinuousClock.now - start).components
  result.seconds = Double(seconds) + Double(attoseconds) / 1e18
  return result
}

/// Measures how long `body` takes; it returns the checksum.
func timed(_ body: () -> UInt64) -> WorkResult {
  timed { WorkResult(seconds: 0, checksum: body()) }
}
