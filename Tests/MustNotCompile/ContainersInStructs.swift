// A type that stores a container must be `~Escapable` itself.
import ArenaCollections
import BumpArena

struct ArrayHolder: ~Copyable {
  // expected-note@-1 {{consider adding '~Escapable' to struct 'ArrayHolder'}}
  var kept: ArenaArray<Int>
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  // expected-error@-3 {{stored property 'kept' of 'Escapable'-conforming struct 'ArrayHolder' has non-Escapable type 'ArenaArray<Int>'}}
}

struct BoxHolder: ~Copyable {
  // expected-note@-1 {{consider adding '~Escapable' to struct 'BoxHolder'}}
  var kept: ArenaBox<Int>
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  // expected-error@-3 {{stored property 'kept' of 'Escapable'-conforming struct 'BoxHolder' has non-Escapable type 'ArenaBox<Int>'}}
}

struct ReferenceHolder: ~Copyable {
  // expected-note@-1 {{consider adding '~Escapable' to struct 'ReferenceHolder'}}
  var kept: ArenaReference<Int>
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  // expected-error@-3 {{stored property 'kept' of 'Escapable'-conforming struct 'ReferenceHolder' has non-Escapable type 'ArenaReference<Int>'}}
}

struct DictionaryHolder: ~Copyable {
  // expected-note@-1 {{consider adding '~Escapable' to struct 'DictionaryHolder'}}
  var kept: ArenaDictionary<Int, Int>
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  // expected-error@-3 {{stored property 'kept' of 'Escapable'-conforming struct 'DictionaryHolder' has non-Escapable type 'ArenaDictionary<Int, Int>'}}
}

struct SetHolder: ~Copyable {
  // expected-note@-1 {{consider adding '~Escapable' to struct 'SetHolder'}}
  var kept: ArenaSet<Int>
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  // expected-error@-3 {{stored property 'kept' of 'Escapable'-conforming struct 'SetHolder' has non-Escapable type 'ArenaSet<Int>'}}
}

struct StringDictionaryHolder: ~Copyable {
  // expected-note@-1 {{consider adding '~Escapable' to struct 'StringDictionaryHolder'}}
  var kept: ArenaStringDictionary<Int>
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  // expected-error@-3 {{stored property 'kept' of 'Escapable'-conforming struct 'StringDictionaryHolder' has non-Escapable type 'ArenaStringDictionary<Int>'}}
}

struct BuilderHolder: ~Copyable {
  // expected-note@-1 {{consider adding '~Escapable' to struct 'BuilderHolder'}}
  var kept: ArenaStringBuilder
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  // expected-error@-3 {{stored property 'kept' of 'Escapable'-conforming struct 'BuilderHolder' has non-Escapable type 'ArenaStringBuilder'}}
}

struct InternerHolder: ~Copyable {
  // expected-note@-1 {{consider adding '~Escapable' to struct 'InternerHolder'}}
  var kept: StringInterner
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  // expected-error@-3 {{stored property 'kept' of 'Escapable'-conforming struct 'InternerHolder' has non-Escapable type 'StringInterner'}}
}
