// A table may outlive the generation of the arena, so the text of its keys cannot lie there.
import ArenaCollections
import BumpArena

func reject(_ table: [ArenaString: Int]) {
  // expected-error@-1 {{type 'ArenaString' does not conform to protocol 'Hashable'}}
}

final class Cache {
  var lastWord: ArenaString?
  // expected-error@-1 {{the 'get' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
}
