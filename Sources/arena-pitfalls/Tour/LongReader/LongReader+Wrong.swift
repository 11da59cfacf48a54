import LMDB

/// A snapshot that stays open: in a session, a cache, a forgotten iterator.
func readForLong(
  _ table: Database, of environment: Environment, writes: Int, write: (Int) throws -> Void
) throws {
  let snapshot = try environment.beginRead()
  for number in 0..<writes {
    try write(number)
    _ = try snapshot.statistics(of: table)
  }
}
