extension ArenaCore {
  /// Returns uninitialized storage for `count` elements that own something, behind a record from
  /// which the arena deinitializes those that are there when it takes the memory back.
  @usableFromInline
  package func allocateDroppable<Element: ~Copyable>(
    of type: Element.Type, count: Int
  ) throws(ArenaError) -> UnsafeMutablePointer<Element> {
    let alignment = unsafe DropRecord.alignment(before: type)
    let headerByteCount = unsafe DropRecord.byteCount(before: type)
    let elementByteCount = unsafe try Self.checkedByteCount(of: type, count: count)
    guard elementByteCount <= Int.max - headerByteCount - alignment else {
      throw .outOfMemory(byteCount: .max)
    }
    // SAFETY: the allocation is sized and aligned for the record and the elements.
    let memory = unsafe try allocate(
      byteCount: Alignment.roundUp(headerByteCount + elementByteCount, to: alignment),
      alignment: alignment)
    let storage = unsafe memory + headerByteCount
    let record = unsafe memory.bindMemory(to: DropRecord.self, capacity: 1)
    unsafe record.initialize(
      to: DropRecord(
        next: state.pointee.drops, storage: storage, elementCount: 0,
        deinitializer: DeinitializerOf<Element>.self))
    unsafe state.pointee.drops = record
    unsafe state.pointee.pendingDropCount += 1
    return unsafe storage.assumingMemoryBound(to: Element.self)
  }

  /// Tells the record of droppable elements how many there are.
  @inlinable @inline(__always)
  package static func noteCount<Element: ~Copyable>(
    _ count: Int, of storage: UnsafeMutablePointer<Element>
  ) {
    // SAFETY: the caller has storage with a record in front, as long as its round goes on.
    unsafe DropRecord.of(storage).pointee.elementCount = count
  }

  /// Deinitializes droppable elements before the arena does, and gives their memory back if it is the
  /// last allocation.
  ///
  /// - Parameter capacity: How many elements the storage has room for.
  @usableFromInline
  package func abandon<Element: ~Copyable>(
    _ storage: UnsafeMutablePointer<Element>, capacity: Int
  ) {
    // SAFETY: the caller owns the storage, whose record counts the elements that are initialized.
    let record = unsafe DropRecord.of(storage)
    let count = unsafe record.pointee.elementCount
    unsafe record.pointee.elementCount = DropRecord.retired
    unsafe state.pointee.pendingDropCount -= 1
    unsafe storage.deinitialize(count: count)
    let byteCount = unsafe Self.storageByteCount(of: Element.self, count: capacity)
    if unsafe unlink(record) {
      let headerByteCount = unsafe DropRecord.byteCount(before: Element.self)
      unsafe shrink(record, from: headerByteCount + byteCount, to: 0)
    } else if byteCount > 0 {
      unsafe shrink(storage, from: byteCount, to: 0)
    }
  }

  /// Leaves droppable elements to the arena. If a checkpoint was made since their storage was, their
  /// record becomes younger than it, so that going back to it deinitializes them: they get another one,
  /// or their own changes its place, which needs no memory but a search.
  @usableFromInline
  package func handOver<Element: ~Copyable>(_ storage: UnsafeMutablePointer<Element>) {
    // SAFETY: the caller owns the storage and uses its record no more.
    let old = unsafe DropRecord.of(storage)
    guard let checkpoint = unsafe state.pointee.checkpoints,
      unsafe !isAmongNewest(old, after: checkpoint.pointee.position.drops)
    else { return }
    guard
      let memory = unsafe try? allocate(
        byteCount: MemoryLayout<DropRecord>.size, alignment: MemoryLayout<DropRecord>.alignment)
    else { return unsafe makeNewest(old) }
    let record = unsafe memory.bindMemory(to: DropRecord.self, capacity: 1)
    unsafe record.initialize(to: old.pointee)
    unsafe record.pointee.next = state.pointee.drops
    unsafe state.pointee.drops = record
    unsafe old.pointee.elementCount = DropRecord.retired
  }

  /// Puts a record before all others, as if it had been made now. Checkpoints that have noted it note
  /// the one before it instead.
  ///
  /// - Complexity: O(*d* + *c*) for *d* records made since and *c* checkpoints.
  private func makeNewest(_ record: UnsafeMutablePointer<DropRecord>) {
    // SAFETY: records and checkpoints in the lists are alive, and the record is in one.
    var checkpoint = unsafe state.pointee.checkpoints
    while let here = unsafe checkpoint {
      if unsafe here.pointee.position.drops == record {
        unsafe here.pointee.position.drops = record.pointee.next
      }
      unsafe checkpoint = here.pointee.next
    }
    var newer = unsafe state.pointee.drops
    guard unsafe newer != record else { return }
    while let here = unsafe newer, unsafe here.pointee.next != record {
      unsafe newer = here.pointee.next
    }
    unsafe newer?.pointee.next = record.pointee.next
    unsafe record.pointee.next = state.pointee.drops
    unsafe state.pointee.drops = record
  }

  /// Whether a record is found among the newest few before one that a checkpoint has noted. Older ones
  /// are not looked for: not to find one costs its bytes once more.
  private func isAmongNewest(
    _ record: UnsafeMutablePointer<DropRecord>, after noted: UnsafeMutablePointer<DropRecord>?
  ) -> Bool {
    var candidate = unsafe state.pointee.drops
    for _ in 0..<8 {
      // SAFETY: records in the list are alive.
      guard let here = unsafe candidate, unsafe here != noted else { return false }
      if unsafe here == record { return true }
      unsafe candidate = here.pointee.next
    }
    return false
  }

  /// Takes a retired record out of the list if it is one of the two newest and no checkpoint has
  /// noted it or a newer one.
  private func unlink(_ record: UnsafeMutablePointer<DropRecord>) -> Bool {
    // SAFETY: records in the list are alive, and so are checkpoints.
    let noted = unsafe state.pointee.checkpoints?.pointee.position.drops
    guard let newest = unsafe state.pointee.drops, unsafe record != noted else { return false }
    if unsafe newest == record {
      unsafe state.pointee.drops = record.pointee.next
      return true
    }
    guard unsafe newest != noted && newest.pointee.next == record else { return false }
    unsafe newest.pointee.next = record.pointee.next
    return true
  }

  /// Runs the drop records that are newer than `last`, newest first; all of them if it is `nil`.
  ///
  /// A record leaves the list before its deinitializers run, so an element whose deinitializer
  /// allocates in the arena, or freezes elements of its own, finds it in a consistent state;
  /// records made meanwhile run too.
  func runDrops(downTo last: UnsafeMutablePointer<DropRecord>?) {
    // SAFETY: a record counts the elements that are initialized, and lives as long as them.
    while let record = unsafe state.pointee.drops, unsafe record != last {
      unsafe state.pointee.drops = record.pointee.next
      let count = unsafe record.pointee.elementCount
      guard unsafe count != DropRecord.retired else { continue }
      unsafe record.pointee.elementCount = DropRecord.retired
      unsafe state.pointee.pendingDropCount -= 1
      unsafe record.pointee.deinitializer.deinitialize(record.pointee.storage, count: count)
    }
  }
}
