// Older values of a scope may still be in use, so it cannot be reset.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  arena.withScope { scope in
    scope.reset()
    // expected-error@-1 {{cannot use mutating member on immutable value: 'scope' is a 'let' constant}}
  }
}
