extension ArenaCore {
  /// Promises that `elementCount` elements at `storage` are deinitialized when their memory is taken
  /// back, or traps if there is no memory for the promise.
  @usableFromInline
  package func registerDropOrTrap<Element: ArenaDroppable & ~Copyable>(
    of storage: UnsafeMutablePointer<Element>, elementCount: Int
  ) {
    do throws(ArenaError) {
      // SAFETY: as for the caller.
      unsafe try registerDrop(of: storage, elementCount: elementCount)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Promises that `elementCount` elements at `storage` are deinitialized when their memory is taken
  /// back.
  @usableFromInline
  package func registerDrop<Element: ArenaDroppable & ~Copyable>(
    of storage: UnsafeMutablePointer<Element>, elementCount: Int
  ) throws(ArenaError) {
    // SAFETY: the allocation is sized and aligned for a record.
    let memory = unsafe try allocate(
      byteCount: MemoryLayout<DropRecord>.size, alignment: MemoryLayout<DropRecord>.alignment)
    let record = unsafe memory.bindMemory(to: DropRecord.self, capacity: 1)
    unsafe record.initialize(
      to: DropRecord(
        next: state.pointee.drops,
        storage: UnsafeMutableRawPointer(storage),
        elementCount: elementCount,
        elementType: Element.self))
    unsafe state.pointee.drops = record
    unsafe state.pointee.pendingDropCount += 1
  }

  /// Runs the drop records that are newer than `last`, newest first; all of them if it is `nil`.
  ///
  /// A record leaves the list before its deinitializers run, so an element whose deinitializer
  /// allocates in the arena, or freezes elements of its own, finds it in a consistent state;
  /// records made meanwhile run too.
  func runDrops(downTo last: UnsafeMutablePointer<DropRecord>?) {
    // SAFETY: records are only made for initialized elements and live as long as them.
    while let record = unsafe state.pointee.drops, unsafe record != last {
      unsafe state.pointee.drops = record.pointee.next
      unsafe state.pointee.pendingDropCount -= 1
      unsafe record.pointee.elementType._deinitializeElements(
        at: record.pointee.storage, count: record.pointee.elementCount)
    }
  }
}
