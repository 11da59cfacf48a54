import ArenaCollections
import BumpArena

struct Document: ArenaDroppable {  // says that the arena is to deinitialize it
  let text: AnyObject
}

/// Freezes an array of documents; the reset deinitializes them.
func freeze(_ count: Int, in arena: borrowing BumpArena, text: () -> AnyObject) {
  var documents = ArenaArray<Document>(in: arena, minimumCapacity: count)
  for _ in 0..<count { documents.append(Document(text: text())) }
  _ = documents.intoArenaSlice().count
}
