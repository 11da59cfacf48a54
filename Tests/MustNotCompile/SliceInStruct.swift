// A struct that holds a slice must be ~Escapable itself.
import ArenaCollections
import BumpArena

struct Holder {
  // expected-note@-1 {{consider adding '~Escapable' to struct 'Holder'}}
  var slice: ArenaSlice<Int>
  // expected-error@-1 {{the 'get' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  // expected-error@-3 {{stored property 'slice' of 'Escapable'-conforming struct 'Holder' has non-Escapable type 'ArenaSlice<Int>'}}
}
