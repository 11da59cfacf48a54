// An object may live longer than the arena.
import ArenaCollections
import BumpArena

final class ArrayHolder {
  var kept: ArenaArray<Int>?
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  init() {}
}

final class BoxHolder {
  var kept: ArenaBox<Int>?
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  init() {}
}

final class ReferenceHolder {
  var kept: ArenaReference<Int>?
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  init() {}
}

final class DictionaryHolder {
  var kept: ArenaDictionary<Int, Int>?
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  init() {}
}

final class SetHolder {
  var kept: ArenaSet<Int>?
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  init() {}
}

final class StringDictionaryHolder {
  var kept: ArenaStringDictionary<Int>?
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  init() {}
}

final class BuilderHolder {
  var kept: ArenaStringBuilder?
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  init() {}
}

final class InternerHolder {
  var kept: StringInterner?
  // expected-error@-1 {{the '_read' accessor cannot return a ~Escapable result}}
  // expected-error@-2 {{the '_modify' accessor cannot return a ~Escapable result}}
  init() {}
}
