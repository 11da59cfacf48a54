// The initializer with a capacity is as strict as the one without.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  _ = ArenaArray<[Int]>(in: arena, minimumCapacity: 8)
  // expected-error@-1 {{'init(in:minimumCapacity:)' is unavailable: an arena never runs this element's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the element type ArenaDroppable, or wrap it in ArenaOwned}}
}
