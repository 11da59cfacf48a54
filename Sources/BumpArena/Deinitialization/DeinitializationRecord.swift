/// A record in the arena of elements that have to be deinitialized when their memory is reclaimed.
/// Records form a list, newest first. A record lies in front of its elements and is as old as their
/// memory, so a rewind finds the records of exactly the memory that it reclaims:
///
/// ```
/// ┌────────────────────────┬─────────┬──────────┬──────────┬─────────┐
/// │ record: 40 bytes       │ padding │ element  │ element  │  room   │
/// └────────────────────────┴─────────┴──────────┴──────────┴─────────┘
/// ```
/// A container that adds or removes elements updates the count. The record is the only owner: the
/// end of a container's life does nothing, and `destroy()`, which deinitializes the elements
/// earlier, retires it.
@unsafe @usableFromInline
package struct DeinitializationRecord {
  /// The record made before this one.
  var next: UnsafeMutablePointer<DeinitializationRecord>?
  /// The first element.
  let storage: UnsafeMutableRawPointer
  /// The number of initialized elements, or ``retired``.
  @usableFromInline
  var elementCount: Int
  /// The type whose deinitializer to run. A metatype is plain bytes: the record itself owns
  /// nothing.
  let deinitializer: any ElementDeinitializer.Type

  /// The count of a record that has run, or whose elements were destroyed.
  static var retired: Int { -1 }

  /// The alignment of a record with elements of a type behind it.
  @inlinable
  static func alignment<Element: ~Copyable>(before type: Element.Type) -> Int {
    // SAFETY: only the layout of the types is asked for, here and below.
    unsafe max(MemoryLayout<DeinitializationRecord>.alignment, MemoryLayout<Element>.alignment)
  }

  /// The bytes from the start of a record to the first element.
  @inlinable
  static func byteCount<Element: ~Copyable>(before type: Element.Type) -> Int {
    unsafe Alignment.roundUp(MemoryLayout<DeinitializationRecord>.size, to: alignment(before: type))
  }

  /// The record of elements.
  @inlinable
  static func of<Element: ~Copyable>(
    _ storage: UnsafeMutablePointer<Element>
  ) -> UnsafeMutablePointer<DeinitializationRecord> {
    // SAFETY: the caller has storage made by `allocateDroppable`, which has a record in front.
    unsafe (UnsafeMutableRawPointer(storage) - byteCount(before: Element.self))
      .assumingMemoryBound(to: DeinitializationRecord.self)
  }
}

/// Runs the deinitializers of elements whose type is known only to the record.
@unsafe
protocol ElementDeinitializer {
  static func deinitialize(_ storage: UnsafeMutableRawPointer, count: Int)
}

/// The deinitializer of elements of one type.
@unsafe
enum DeinitializerOf<Element: ~Copyable>: ElementDeinitializer {
  static func deinitialize(_ storage: UnsafeMutableRawPointer, count: Int) {
    // SAFETY: a record is made with the type of its elements, and counts those initialized.
    unsafe storage.assumingMemoryBound(to: Element.self).deinitialize(count: count)
  }
}
