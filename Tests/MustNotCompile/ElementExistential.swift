// A value of a protocol type may own anything.
import ArenaCollections
import BumpArena

protocol Shape {}

func reject(_ arena: borrowing BumpArena) {
  _ = ArenaArray<any Shape>(in: arena)
  // expected-error@-1 {{'init(in:)' is unavailable: an arena never runs this element's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the element type ArenaDroppable, or wrap it in ArenaOwned}}
}
