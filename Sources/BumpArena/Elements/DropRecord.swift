/// A note in the arena that some elements must be deinitialized when it is reset. Newest first.
@unsafe
struct DropRecord {
  /// The record made before this one.
  var next: UnsafeMutablePointer<DropRecord>?
  /// The first element.
  var storage: UnsafeMutableRawPointer
  /// How many elements follow one another.
  var elementCount: Int
  /// Whose deinitializer to run. A metatype is plain bytes: the record itself owns nothing.
  var elementType: any (ArenaDroppable & ~Copyable).Type
}
