// A noncopyable type with a deinitializer is no exception.
import ArenaCollections
import BumpArena

struct File: ~Copyable {
  deinit {}
}

func reject(_ arena: borrowing BumpArena) {
  _ = ArenaArray<File>(in: arena)
  // expected-error@-1 {{'init(in:)' is unavailable: an arena never runs this element's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the element type ArenaDroppable, or wrap it in ArenaOwned}}
}
