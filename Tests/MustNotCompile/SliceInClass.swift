// An object may live longer than the arena.
import ArenaCollections
import BumpArena

final class Holder {
  var slice: ArenaSlice<Int>?
  // expected-error@-1 {{the 'get' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
}
