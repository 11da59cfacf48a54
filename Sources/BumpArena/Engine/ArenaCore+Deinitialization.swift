extension ArenaCore {
  /// Returns uninitialized storage for `count` elements that own something, behind a record from
  /// which the arena deinitializes the initialized ones when it reclaims the memory.
  @usableFromInline
  package func allocateDroppable<Element: ~Copyable>(
    of type: Element.Type, count: Int
  ) throws(ArenaError) -> UnsafeMutablePointer<Element> {
    let alignment = unsafe DeinitializationRecord.alignment(before: type)
    let headerByteCount = unsafe DeinitializationRecord.byteCount(before: type)
    let elementByteCount = unsafe try Self.checkedByteCount(of: type, count: count)
    guard elementByteCount <= Int.max - headerByteCount - alignment else {
      throw .outOfMemory(byteCount: .max)
    }
    // SAFETY: the allocation is sized and aligned for the record and the elements.
    let memory = unsafe try allocateExactly(
      byteCount: headerByteCount + elementByteCount, alignment: alignment)
    let storage = unsafe memory + headerByteCount
    let record = unsafe memory.bindMemory(to: DeinitializationRecord.self, capacity: 1)
    unsafe record.initialize(
      to: DeinitializationRecord(
        next: state.pointee.deinitializations, storage: storage, elementCount: 0,
        deinitializer: DeinitializerOf<Element>.self))
    unsafe state.pointee.deinitializations = record
    unsafe state.pointee.pendingDeinitializationCount += 1
    return unsafe storage.assumingMemoryBound(to: Element.self)
  }

  /// Updates the count in the record of droppable elements.
  @inlinable @inline(__always)
  package static func noteCount<Element: ~Copyable>(
    _ count: Int, of storage: UnsafeMutablePointer<Element>
  ) {
    // SAFETY: the caller has storage with a record in front, which lives as long as the storage.
    unsafe DeinitializationRecord.of(storage).pointee.elementCount = count
  }

  /// Deinitializes droppable elements before the arena does, and reclaims their memory if it is the
  /// last allocation.
  ///
  /// - Parameter capacity: The number of elements that the storage has room for.
  @usableFromInline
  package func abandon<Element: ~Copyable>(
    _ storage: UnsafeMutablePointer<Element>, capacity: Int
  ) {
    // SAFETY: the caller uses the storage for the last time; its record counts the elements that
    // are initialized.
    let record = unsafe DeinitializationRecord.of(storage)
    let count = unsafe record.pointee.elementCount
    unsafe record.pointee.elementCount = DeinitializationRecord.retired
    unsafe state.pointee.pendingDeinitializationCount -= 1
    unsafe storage.deinitialize(count: count)
    let byteCount = unsafe Self.storageByteCount(of: Element.self, count: capacity)
    if unsafe unlink(record) {
      let headerByteCount = unsafe DeinitializationRecord.byteCount(before: Element.self)
      unsafe shrink(record, from: headerByteCount + byteCount, to: 0)
    } else if byteCount > 0 {
      unsafe shrink(storage, from: byteCount, to: 0)
    }
  }

  /// Removes a retired record from the list if it is one of the two newest and no checkpoint refers
  /// to it or to a newer one.
  private func unlink(_ record: UnsafeMutablePointer<DeinitializationRecord>) -> Bool {
    // SAFETY: records in the list are alive, and so are checkpoints.
    let noted = unsafe state.pointee.checkpoints?.pointee.position.deinitializations
    guard let newest = unsafe state.pointee.deinitializations, unsafe record != noted else {
      return false
    }
    if unsafe newest == record {
      unsafe state.pointee.deinitializations = record.pointee.next
      return true
    }
    guard unsafe newest != noted && newest.pointee.next == record else { return false }
    unsafe newest.pointee.next = record.pointee.next
    return true
  }

  /// Runs the deinitialization records that are newer than `last`, newest first; all of them if it
  /// is `nil`.
  ///
  /// A record leaves the list before its deinitializers run, so an element whose deinitializer
  /// allocates in the arena, or freezes elements of its own, finds it in a consistent state;
  /// records made meanwhile run too.
  func runDeinitializations(downTo last: UnsafeMutablePointer<DeinitializationRecord>?) {
    // SAFETY: a record counts the elements that are initialized, and lives as long as them.
    while let record = unsafe state.pointee.deinitializations, unsafe record != last {
      unsafe state.pointee.deinitializations = record.pointee.next
      let count = unsafe record.pointee.elementCount
      guard unsafe count != DeinitializationRecord.retired else { continue }
      unsafe record.pointee.elementCount = DeinitializationRecord.retired
      unsafe state.pointee.pendingDeinitializationCount -= 1
      unsafe record.pointee.deinitializer.deinitialize(record.pointee.storage, count: count)
    }
  }
}
