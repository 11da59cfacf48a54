// Written by Scripts/pitfall-listings.

extension Listing {
  /// Code that does not compile.
  static let rejected: [String: String] = [
    "FrozenSlice": #"""
    import ArenaCollections
    import BumpArena

    struct Document {
      let text: AnyObject
    }

    func leak(_ document: Document, in arena: borrowing BumpArena) {
      var documents = ArenaArray<Document>(in: arena)  // error
      documents.append(document)
    }
    """#,
    "KeptKey": #"""
    import ArenaCollections
    import BumpArena

    final class Cache {
      var lastWord: ArenaString?  // error
    }
    """#,
    "LateDestruction": #"""
    import ArenaCollections
    import BumpArena

    func useLate(_ arena: inout BumpArena) {
      var numbers = ArenaArray<Int>(in: arena)
      arena.reset()  // error
      numbers.append(7)
    }
    """#,
    "LongLived": #"""
    import ArenaCollections
    import BumpArena

    func keepText(_ arena: borrowing BumpArena) {
      var last = ArenaString("", in: arena)
      arena.withScope { scratch in
        last = ArenaString("needed longer", in: scratch)  // error
      }
      print(last.byteCount)
    }
    """#,
    "LongReader": #"""
    import LMDB

    func replace(
      _ key: Span<UInt8>, in table: Database, _ transaction: inout WriteTransaction
    ) throws -> UInt8? {
      let old = try transaction.get(key, in: table)
      try transaction.put(key, [2].span, in: table)  // error
      return old?[0]
    }
    """#,
    "SharedArena": #"""
    import BumpArena

    func fill(_ arena: borrowing BumpArena) -> Int {
      arena.allocate(repeating: 1, count: 100).count
    }

    func share() async -> Int {
      let arena = BumpArena()
      async let other = fill(arena)  // error
      let own = fill(arena)
      return await own + other
    }
    """#,
    "UseAfterReset": #"""
    import ArenaCollections
    import BumpArena

    func useAfterReset(_ arena: inout BumpArena) {
      var array = ArenaArray<Int>(in: arena)
      array.append(7)
      let slice = array.intoArenaSlice()
      arena.reset()  // error
      print(slice[0])
    }
    """#,
  ]
}
