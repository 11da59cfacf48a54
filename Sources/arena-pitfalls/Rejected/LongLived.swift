import ArenaCollections
import BumpArena

func keepText(_ arena: borrowing BumpArena) {
  var last = ArenaString("", in: arena)
  arena.withScope { scratch in
    last = ArenaString("needed longer", in: scratch)  // error
  }
  print(last.byteCount)
}
