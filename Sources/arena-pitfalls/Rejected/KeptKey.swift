import ArenaCollections
import BumpArena

final class Cache {
  var lastWord: ArenaString?  // error
}
