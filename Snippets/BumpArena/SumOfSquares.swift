//! Values in an arena, which is reset and used again.

import BumpArena

func sumOfSquares(_ arena: borrowing BumpArena, upTo count: Int) -> Int {
  let squares = arena.allocate(count: count) { $0 * $0 }
  var sum = arena.allocate(value: 0)
  for position in squares.indices { sum.value += squares[position] }
  return sum.value
}

func run() {
  var arena = BumpArena()
  for count in [10, 100, 1000] {
    print(sumOfSquares(arena, upTo: count))
    arena.reset()  // keeps its chunks, so the next sum allocates no memory
  }
}

run()

// snippet.hide
// Prints:
// 285
// 328350
// 332833500
