//! An arena is lent to a thread; what was built in it goes to another one together with it.

import ArenaCollections
import BumpArena

struct Built: ~Copyable {
  var lease: PooledArena
  var numbers: ArenaHandle<Int>
}

func build(in arena: borrowing BumpArena) -> ArenaHandle<Int> {
  var numbers = ArenaArray<Int>(in: arena)
  for number in 0..<100 { numbers.append(number) }
  return numbers.intoArenaHandle()
}

@concurrent
func produce(from pool: ArenaPool) async -> sending Built? {
  guard let lease = pool.lease() else { return nil }
  let numbers = build(in: lease.arena)
  return Built(lease: lease, numbers: numbers)
}

@concurrent
func consume(_ built: consuming sending Built) async -> Int {
  let numbers = built.lease.arena[built.numbers]
  return numbers.count
}  // the arena goes back to its pool here

// snippet.hide
let pool = ArenaPool(arenaLimit: 2)
if let built = await produce(from: pool) {
  print(pool.leasedCount)
  print(await consume(built))
}
print(pool.leasedCount)

// Prints:
// 1
// 100
// 0
