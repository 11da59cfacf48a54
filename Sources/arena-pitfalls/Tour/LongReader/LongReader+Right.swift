import LMDB

/// A snapshot for each question, and no longer.
func readBriefly(
  _ table: Database, of environment: Environment, writes: Int, write: (Int) throws -> Void
) throws {
  for number in 0..<writes {
    try write(number)
    let snapshot = try environment.beginRead()
    _ = try snapshot.statistics(of: table)
  }
}
