//! Handles refer from one element of an arena to others, and are checked when used.

import ArenaCollections
import BumpArena

struct Node: BitwiseCopyable {
  var value: Int
  var children: ArenaHandle<Node>
}

func sum(_ nodes: ArenaHandle<Node>, in arena: borrowing BumpArena) -> Int {
  let slice = arena[nodes]
  var total = 0
  for position in slice.indices {
    total += slice[position].value + sum(slice[position].children, in: arena)
  }
  return total
}

// snippet.hide
func tree(depth: Int, in arena: borrowing BumpArena) -> ArenaHandle<Node> {
  var nodes = ArenaArray<Node>(in: arena)
  if depth > 0 {
    for _ in 0..<2 { nodes.append(Node(value: 1, children: tree(depth: depth - 1, in: arena))) }
  }
  return nodes.intoArenaHandle()
}

func run() {
  var arena = BumpArena()
  let root = tree(depth: 3, in: arena)
  print(sum(root, in: arena), arena.isValid(root))
  arena.reset()
  print(arena.isValid(root))
}
run()

// Prints:
// 14 true
// false
