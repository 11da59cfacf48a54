import ArenaCollections
import BumpArena

struct Document {
  let text: AnyObject
}

func leak(_ document: Document, in arena: borrowing BumpArena) {
  var documents = ArenaArray<Document>(in: arena)  // error
  documents.append(document)
}
