import ArenaCollections
import BumpArena

func hand(_ arena: consuming sending BumpArena) {}

func fill(_ arena: borrowing BumpArena) -> Int {
  let text = ArenaString("text", in: arena)
  return text.byteCount
}

func acceptHandingOn() {
  let arena = BumpArena()
  print(fill(arena))
  hand(arena)
}
