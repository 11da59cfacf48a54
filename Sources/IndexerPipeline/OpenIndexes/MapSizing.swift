/// How large the maps of indexes are, for comparing ways to manage address space.
package enum MapSizing: Sendable {
  /// An equal share of the budget, and growth in place when a map is full: what every store does.
  case shared
  /// So many bytes to begin with, and growth in place when a map is full.
  case starting(at: Int)
  /// So many bytes. A full map is an error.
  case fixed(Int)
}
