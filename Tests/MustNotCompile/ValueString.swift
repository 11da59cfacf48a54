// A string may own heap memory.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) throws {
  _ = arena.allocate(value: "text")
  // expected-error@-1 {{'allocate(value:)' is unavailable: an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or ArenaBox with a type marked ArenaDroppable or wrapped in ArenaOwned}}
  _ = try arena.tryAllocate(value: "text")
  // expected-error@-1 {{'tryAllocate(value:)' is unavailable: an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or ArenaBox with a type marked ArenaDroppable or wrapped in ArenaOwned}}
}
