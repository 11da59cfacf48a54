// An object is kept alive by a reference count that the arena would never lower.
import ArenaCollections
import BumpArena

final class Node {}

func reject(_ arena: borrowing BumpArena) {
  _ = ArenaArray<Node>(in: arena)
  // expected-error@-1 {{'init(in:)' is unavailable: an arena never runs this element's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the element type ArenaDroppable, or wrap it in ArenaOwned}}
}
