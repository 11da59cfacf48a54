// A string may own heap memory.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  _ = ArenaDictionary<Int, String>(in: arena)
  // expected-error@-1 {{'init(in:minimumCapacity:)' is unavailable: an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the value type ArenaDroppable, or wrap it in ArenaOwned}}
  _ = ArenaStringDictionary<[Int]>(in: arena, minimumCapacity: 8)
  // expected-error@-1 {{'init(in:minimumCapacity:)' is unavailable: an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the value type ArenaDroppable, or wrap it in ArenaOwned}}
}
