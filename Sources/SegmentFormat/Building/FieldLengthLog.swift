import ArenaCollections
import BumpArena

/// Gathers how many terms each field has in each document, and where in a field the next value
/// starts.
struct FieldLengthLog: ~Copyable, ~Escapable {
  /// A field in the current document.
  struct State: BitwiseCopyable {
    var isTouched = false
    var length: UInt32 = 0
    var nextPosition: UInt32 = 0
    /// How many documents have terms in the field, and how many terms.
    var documentCount: UInt32 = 0
    var totalLength: UInt64 = 0
    /// Where the list of the field ends in `lists`, once sorted.
    var end: UInt32 = 0
  }

  private var states: ArenaArray<State>
  private var touched: ArenaArray<UInt16>
  /// In input order: fields, and document and length of each.
  private var fields: ArenaArray<UInt16>
  private var lengths: ArenaArray<UInt64>
  /// Sorted by field.
  private var lists: ArenaArray<UInt64>
  private var isSorted = false

  @_lifetime(borrow arena)
  init(in arena: borrowing BumpArena, fieldCount: Int, capacity: Int) {
    states = ArenaArray(in: arena)
    states.append(repeating: State(), count: fieldCount)
    touched = ArenaArray(in: arena)
    fields = ArenaArray(in: arena, minimumCapacity: capacity)
    lengths = ArenaArray(in: arena, minimumCapacity: capacity)
    lists = ArenaArray(in: arena)
  }

  /// The position of the first term of a value: one position is left free between two values.
  @_lifetime(self: copy self)
  mutating func beginValue(ofField field: Int) -> UInt32 {
    guard states[field].isTouched else {
      states[field].isTouched = true
      touched.append(UInt16(truncatingIfNeeded: field))
      return 0
    }
    return states[field].nextPosition + 1
  }

  /// Ends a value before `position`.
  @_lifetime(self: copy self)
  mutating func endValue(ofField field: Int, at position: UInt32, termCount: UInt32) {
    states[field].nextPosition = position
    states[field].length += termCount
  }

  /// Ends a document: the lengths of its fields are known.
  @_lifetime(self: copy self)
  mutating func endDocument(_ document: UInt32) {
    for index in touched.indices {
      let field = Int(touched[index])
      let length = states[field].length
      // A field without terms, an empty text, has no length worth keeping.
      if length > 0 {
        fields.append(touched[index])
        lengths.append(UInt64(document) << 32 | UInt64(length))
        states[field].documentCount += 1
        states[field].totalLength += UInt64(length)
      }
      states[field].isTouched = false
      states[field].length = 0
      states[field].nextPosition = 0
    }
    touched.removeAll(keepingCapacity: true)
  }

  /// Writes the lengths of a field to `encoder`.
  @_lifetime(self: copy self)
  @_lifetime(encoder: copy encoder)
  mutating func encode(_ field: Int, to encoder: inout PostingsEncoder) {
    if !isSorted { sort() }
    let state = states[field]
    encoder.begin(totalLength: state.totalLength)
    for index in Int(state.end - state.documentCount)..<Int(state.end) {
      encoder.append(
        document: UInt32(truncatingIfNeeded: lists[index] >> 32),
        frequency: UInt32(truncatingIfNeeded: lists[index]))
    }
    encoder.finish()
  }

  @_lifetime(self: copy self)
  private mutating func sort() {
    var sum: UInt32 = 0
    for field in states.indices {
      states[field].end = sum
      sum += states[field].documentCount
    }
    lists.append(repeating: 0, count: lengths.count)
    for index in lengths.indices {
      let field = Int(fields[index])
      lists[Int(states[field].end)] = lengths[index]
      states[field].end += 1
    }
    isSorted = true
  }
}
