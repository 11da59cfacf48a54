// Written by Scripts/pitfall-listings.

extension Listing {
  /// What Swift 6.3 says of it.
  static let messages: [String: String] = [
    "FrozenSlice": #"""
    FrozenSlice.swift:9:38: error: 'init(in:)' is unavailable: an arena never runs this element's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the element type ArenaDroppable, or wrap it in ArenaOwned
     7 |
     8 | func leak(_ document: Document, in arena: borrowing BumpArena) {
     9 |   var documents = ArenaArray<Document>(in: arena)  // error
       |                                      `- error: 'init(in:)' is unavailable: an arena never runs this element's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the element type ArenaDroppable, or wrap it in ArenaOwned
    10 |   documents.append(document)
    11 | }
    """#,
    "KeptKey": #"""
    KeptKey.swift:5:7: error: the 'get' accessor cannot return a ~Escapable result
    3 |
    4 | final class Cache {
    5 |   var lastWord: ArenaString?  // error
      |       `- error: the 'get' accessor cannot return a ~Escapable result
    6 | }
    7 |

    KeptKey.swift:5:7: error: the '_modify' accessor cannot return a ~Escapable result
    3 |
    4 | final class Cache {
    5 |   var lastWord: ArenaString?  // error
      |       `- error: the '_modify' accessor cannot return a ~Escapable result
    6 | }
    7 |
    """#,
    "LateDestruction": #"""
    LateDestruction.swift:6:3: error: overlapping accesses to 'arena', but modification requires exclusive access [#ExclusivityViolation]
    3 |
    4 | func useLate(_ arena: inout BumpArena) {
    5 |   var numbers = ArenaArray<Int>(in: arena)
      |                                     `- note: conflicting access is here
    6 |   arena.reset()  // error
      |   `- error: overlapping accesses to 'arena', but modification requires exclusive access [#ExclusivityViolation]
    7 |   numbers.append(7)
    8 | }

    [#ExclusivityViolation]: <https://docs.swift.org/compiler/documentation/diagnostics/exclusivity-violation>
    """#,
    "LongLived": #"""
    LongLived.swift:5:7: error: lifetime-dependent variable 'last' escapes its scope
     3 |
     4 | func keepText(_ arena: borrowing BumpArena) {
     5 |   var last = ArenaString("", in: arena)
       |       `- error: lifetime-dependent variable 'last' escapes its scope
     6 |   arena.withScope { scratch in
       |                     `- note: it depends on the lifetime of argument 'scratch'
     7 |     last = ArenaString("needed longer", in: scratch)  // error
     8 |   }
       |   `- note: this use causes the lifetime-dependent value to escape
     9 |   print(last.byteCount)
    10 | }
    """#,
    "LongReader": #"""
    LongReader.swift:7:7: error: overlapping accesses to 'transaction', but modification requires exclusive access [#ExclusivityViolation]
     4 |   _ key: Span<UInt8>, in table: Database, _ transaction: inout WriteTransaction
     5 | ) throws -> UInt8? {
     6 |   let old = try transaction.get(key, in: table)
       |                 `- note: conflicting access is here
     7 |   try transaction.put(key, [2].span, in: table)  // error
       |       `- error: overlapping accesses to 'transaction', but modification requires exclusive access [#ExclusivityViolation]
     8 |   return old?[0]
     9 | }

    [#ExclusivityViolation]: <https://docs.swift.org/compiler/documentation/diagnostics/exclusivity-violation>
    """#,
    "SharedArena": #"""
    SharedArena.swift:9:21: error: sending 'arena' risks causing data races [#SendingRisksDataRace]
     7 | func share() async -> Int {
     8 |   let arena = BumpArena()
     9 |   async let other = fill(arena)  // error
       |                     |- error: sending 'arena' risks causing data races [#SendingRisksDataRace]
       |                     `- note: sending 'arena' into async let risks causing data races between async let uses and local uses
    10 |   let own = fill(arena)
       |             `- note: access can happen concurrently
    11 |   return await own + other
    12 | }

    [#SendingRisksDataRace]: <https://docs.swift.org/compiler/documentation/diagnostics/sending-risks-data-race>
    """#,
    "UseAfterReset": #"""
    UseAfterReset.swift:8:3: error: overlapping accesses to 'arena', but modification requires exclusive access [#ExclusivityViolation]
     3 |
     4 | func useAfterReset(_ arena: inout BumpArena) {
     5 |   var array = ArenaArray<Int>(in: arena)
       |                                   `- note: conflicting access is here
     6 |   array.append(7)
     7 |   let slice = array.intoArenaSlice()
     8 |   arena.reset()  // error
       |   `- error: overlapping accesses to 'arena', but modification requires exclusive access [#ExclusivityViolation]
     9 |   print(slice[0])
    10 | }

    [#ExclusivityViolation]: <https://docs.swift.org/compiler/documentation/diagnostics/exclusivity-violation>
    """#,
  ]
}
