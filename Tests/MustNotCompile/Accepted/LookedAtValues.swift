// Swift 6.3.1 called the first form an exclusivity violation of its own, and refused to consume a
// box whose value had been read.
import ArenaCollections
import BumpArena

struct Owner: ~Copyable, ArenaDroppable {
  let number: Int
  deinit { print("gone") }
}

func lookAt(_ arena: borrowing BumpArena) {
  let box = ArenaBox(Owner(number: 1), in: arena)
  _ = box.value
}

func readAndDestroy(_ arena: borrowing BumpArena) {
  let box = ArenaBox(Owner(number: 1), in: arena)
  print(box.value.number)
  box.destroy()
}

func readAndTake(_ arena: borrowing BumpArena) {
  let box = ArenaBox(ArenaOwned([1]), in: arena)
  print(box.value.value.count)
  print(box.consume().value.count)
}
