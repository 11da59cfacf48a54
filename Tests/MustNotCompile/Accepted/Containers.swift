// flags: -enable-experimental-feature Lifetimes
import ArenaCollections
import BumpArena

@_lifetime(borrow arena)
func makeTable(_ arena: borrowing BumpArena) -> ArenaDictionary<Int, Int> {
  ArenaDictionary(in: arena)
}

struct Names: ~Copyable, ~Escapable {
  var interner: StringInterner
  var counts: ArenaArray<Int>
}

func acceptContainersUntilTheReset(_ arena: inout BumpArena) {
  for _ in 0..<2 {
    var table = makeTable(arena)
    table.insertValue(1, forKey: 2)
    var names = Names(interner: StringInterner(in: arena), counts: ArenaArray(in: arena))
    _ = names.interner.intern("a")
    names.counts.append(1)
    var set = ArenaSet<Int>(in: arena)
    set.insert(3)
    var byText = ArenaStringDictionary<Int>(in: arena)
    byText.insertValue(1, forKey: "a")
    arena.reset()
  }
}

func acceptThatAContainerIsGoneWithItsArena(_ arena: consuming BumpArena) {
  do {
    var text = ArenaStringBuilder(in: arena)
    text.append("a")
    let box = ArenaBox(1, in: arena)
    print(text.byteCount + box.value)
  }
  _ = consume arena
}

func acceptArenaReplaced(_ arena: inout BumpArena) {
  do {
    var counter = arena.allocate(value: 1)
    counter.value += 1
  }
  arena = BumpArena()
}

func run(_ body: () -> Void) { body() }

func acceptClosureThatDoesNotEscape(_ arena: borrowing BumpArena) {
  let table = makeTable(arena)
  run { print(table.count) }
}
