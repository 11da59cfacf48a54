//! Text with numbers in it, without temporary strings.

import ArenaCollections
import BumpArena

func appendKey(document: UInt32, field: String, to text: inout ArenaStringBuilder) {
  text.append(field)
  text.append(":")
  text.append(document, radix: 16)
}

// snippet.hide
func run() {
  let arena = BumpArena()
  var text = ArenaStringBuilder(in: arena, minimumByteCapacity: 64)
  appendKey(document: 48_879, field: "title", to: &text)
  print(String(copying: text.intoArenaString()), arena.statistics.liveByteCount)
}
run()

// Prints:
// title:beef 10
