//! Limiting the live bytes of an arena, and handling the error.

import BumpArena

func process(_ batches: [[UInt8]], limit: Int) {
  var arena = BumpArena(BumpArena.Configuration(byteLimit: limit))
  for (number, batch) in batches.enumerated() {
    do {
      let copy = try arena.tryAllocate(copying: batch.span)
      print("batch \(number): \(copy.count) bytes")
    } catch {
      print("batch \(number): \(error)")  // the arena is unchanged
    }
    arena.reset()
  }
}

// snippet.hide
process([Array(repeating: 1, count: 600), Array(repeating: 2, count: 5_000)], limit: 1_000)

// Prints:
// batch 0: 600 bytes
// batch 1: the arena would hold 5000 live bytes, its limit is 1000; reset it more often or raise the limit
