//! Taking memory back: by a reset, at the end of a scope, by going back to a checkpoint.

import ArenaCollections
import BumpArena

// snippet.reset
func buildAndReset(_ arena: inout BumpArena) {
  do {
    var numbers = ArenaArray<Int>(in: arena)
    numbers.append(1)
    let frozen = numbers.intoArenaSlice()
    print(frozen.count)
  }  // without this `do`, the next line would not compile
  arena.reset()
}
// snippet.end

// snippet.scope
func primes(upTo limit: Int, in arena: borrowing BumpArena) -> ArenaHandle<Int> {
  var found = ArenaArray<Int>(in: arena)
  arena.withScope { scratch in
    var isComposite = scratch.allocate(repeating: false, count: limit + 1)
    for number in stride(from: 2, through: limit, by: 1) where !isComposite[number] {
      found.append(number)
      for multiple in stride(from: number * number, through: limit, by: number) {
        isComposite[multiple] = true
      }
    }
  }
  return found.intoArenaHandle()
}
// snippet.end

// snippet.checkpoint
func tryTwice(_ arena: inout BumpArena, attempt: (borrowing BumpArena) -> Bool) -> Bool {
  let start = arena.checkpoint()
  if attempt(arena) { return true }
  arena.rewind(to: start)  // elements frozen since are deinitialized
  return attempt(arena)
}
// snippet.end

// snippet.hide
func run() {
  var arena = BumpArena()
  buildAndReset(&arena)
  print(arena[primes(upTo: 1000, in: arena)].count)
  let before = arena.statistics.liveByteCount
  let done = tryTwice(&arena) { $0.allocate(repeating: 0, count: 1000).count < 1000 }
  print(done, (arena.statistics.liveByteCount - before) / 8000)  // one attempt is kept, not two
}
run()

// Prints:
// 1
// 168
// false 1
