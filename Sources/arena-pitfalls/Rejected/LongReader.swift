import LMDB

func replace(
  _ key: Span<UInt8>, in table: Database, _ transaction: inout WriteTransaction
) throws -> UInt8? {
  let old = try transaction.get(key, in: table)
  try transaction.put(key, [2].span, in: table)  // error
  return old?[0]
}
