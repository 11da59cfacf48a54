// A string in a box may own heap memory, which the arena would not free.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) throws {
  _ = ArenaBox("text", in: arena)
  // expected-error@-1 {{'init(_:in:)' is unavailable: an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the type ArenaDroppable, or wrap it in ArenaOwned}}
  _ = try ArenaBox(trying: "text", in: arena)
  // expected-error@-1 {{'init(trying:in:)' is unavailable: an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the type ArenaDroppable, or wrap it in ArenaOwned}}
}
