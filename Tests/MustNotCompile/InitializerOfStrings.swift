// Elements made by an initializer are plain bytes, too.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  _ = arena.allocate(count: 3) { position -> String in "\(position)" }
  // expected-error@-1 {{instance method 'allocate(count:generating:)' requires that 'String' conform to 'BitwiseCopyable'}}
}
