// Everything here compiles: the accepted form beside each rejected one, so that a fixture cannot
// fail for a wrong reason.
import ArenaCollections
import BumpArena

struct PayloadOperations: ArenaDroppable {
  var operations: [Int]
}

struct File: ~Copyable, ArenaDroppable {
  deinit {}
}

struct Pair: BitwiseCopyable {
  var first: Int
  var second: Double
}

/// Plain bytes that are marked nevertheless.
struct Token: ArenaDroppable {
  var number: Int
}

final class Node {}

func accept(_ arena: borrowing BumpArena) {
  var numbers = ArenaArray<Int>(in: arena)
  numbers.append(1)
  var pairs = ArenaArray<Pair>(in: arena, minimumCapacity: 8)
  pairs.append(Pair(first: 1, second: 2))
  var payloads = ArenaArray<PayloadOperations>(in: arena)
  payloads.append(PayloadOperations(operations: [1]))
  var files = ArenaArray<File>(in: arena)
  files.append(File())
  var lists = ArenaArray<ArenaOwned<[Int]>>(in: arena)
  lists.append(ArenaOwned([1]))
  var nodes = ArenaArray<ArenaOwned<Node>>(in: arena, minimumCapacity: 8)
  nodes.append(ArenaOwned(Node()))
  var tokens = ArenaArray<Token>(in: arena)
  tokens.append(Token(number: 1))
  _ = tokens.intoArenaSlice()
  _ = ArenaArray<Token>(in: arena, minimumCapacity: 8).intoArenaHandle()
  _ = ArenaBox(Token(number: 1), in: arena).intoArenaReference()
  _ = ArenaDictionary<Int, Token>(in: arena)
  _ = ArenaStringDictionary<Token>(in: arena)
  _ = arena.allocate(repeating: 0, count: 3)
}

func acceptGeneric<Element: BitwiseCopyable>(_ type: Element.Type, _ arena: borrowing BumpArena) {
  _ = ArenaArray<Element>(in: arena)
}

func acceptGenericDroppable<Element: ArenaDroppable & ~Copyable>(
  _ type: Element.Type, _ arena: borrowing BumpArena
) {
  _ = ArenaArray<Element>(in: arena)
}
