// Spans of the arena itself hold plain bytes only.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  _ = arena.allocate(repeating: "text", count: 3)
  // expected-error@-1 {{instance method 'allocate(repeating:count:)' requires that 'String' conform to 'BitwiseCopyable'}}
}
