// Keys are plain bytes; for text there is ArenaStringDictionary.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  _ = ArenaDictionary<String, Int>(in: arena)
  // expected-error@-1 {{type 'String' does not conform to protocol 'BitwiseCopyable'}}
}
