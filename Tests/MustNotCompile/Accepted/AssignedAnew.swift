// Swift 6.3 accepts this and should not: a variable gets a container whose arena or scope ends
// earlier. When one of these is refused, the compiler has learned it: move it to the fixtures that
// must not compile, and see Docs/Decisions/013.
import ArenaCollections
import BumpArena

func assignFromScope(_ arena: borrowing BumpArena) {
  var array = ArenaArray<Int>(in: arena)
  arena.withScope { scope in array = ArenaArray(in: scope) }
  print(array.count)
}

func assignFromInnerArena(_ arena: borrowing BumpArena) {
  var box = ArenaBox(1, in: arena)
  var table = ArenaDictionary<Int, Int>(in: arena)
  var words = StringInterner(in: arena)
  var text = ArenaStringBuilder(in: arena)
  do {
    let inner = BumpArena()
    box = ArenaBox(2, in: inner)
    table = ArenaDictionary(in: inner)
    words = StringInterner(in: inner)
    text = ArenaStringBuilder(in: inner)
  }
  print(box.value, table.count, words.count, text.byteCount)
}

func assignThroughParameter(_ array: inout ArenaArray<Int>, _ arena: borrowing BumpArena) {
  array = ArenaArray(in: arena)
}

// Generic code does not look at lifetimes, of copyable types neither.
func assign<Value: ~Copyable & ~Escapable>(_ target: inout Value, _ value: consuming Value) {
  target = value
}

func assignSliceInGenericCode(_ arena: borrowing BumpArena) {
  var text = ArenaString("outer", in: arena)
  arena.withScope { scope in assign(&text, ArenaString("inner", in: scope)) }
  print(text.byteCount)
}

// The standard library's own.
func assignSpan() {
  var numbers = [1, 2, 3]
  var span = numbers.mutableSpan
  do {
    var others = [4, 5, 6]
    span = others.mutableSpan
  }
  print(span[0])
}
