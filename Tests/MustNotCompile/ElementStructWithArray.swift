// The leak this library exists for: a struct that owns a vector, one for each document.
import ArenaCollections
import BumpArena

struct PayloadOperations {
  var operations: [Int]
}

func reject(_ arena: borrowing BumpArena) {
  var payloads = ArenaArray<PayloadOperations>(in: arena)
  // expected-error@-1 {{'init(in:)' is unavailable: an arena never runs this element's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the element type ArenaDroppable, or wrap it in ArenaOwned}}
  payloads.append(PayloadOperations(operations: [1]))
}
