import SegmentFormat
package import SystemSupport

// What was written and not yet published can be undone, for a task that turns out to be bad in the
// middle of a batch.

/// The state of a writer between two tasks.
package struct Savepoint {
  fileprivate var manifest: Manifest
  fileprivate var changedTombstones: Set<UInt32>
  fileprivate var removedCount: Int
}

extension IndexWriter {
  /// Remembers the state to come back to. There is one at a time: the last one.
  package func makeSavepoint() -> Savepoint {
    savedTombstones = [:]
    // What was written before must not be merged with what may be undone.
    firstNewSegment = manifest.nextSegment
    return Savepoint(
      manifest: manifest, changedTombstones: changedTombstones, removedCount: removedCount)
  }

  /// Remembers the tombstones of a segment that are about to change.
  func saveTombstones(_ tombstones: Tombstones, ofSegment number: UInt32) {
    guard savedTombstones != nil, savedTombstones?[number] == nil else { return }
    savedTombstones?[number] = tombstones.encoded()
  }

  /// Undoes what was written since a savepoint. Numbers of segments are not used again.
  package func rollBack(to savepoint: Savepoint) throws(IndexerError) {
    let written = savepoint.manifest.nextSegment..<manifest.nextSegment
    manifest.segments = savepoint.manifest.segments
    manifest.primaryKey = savepoint.manifest.primaryKey
    firstNewSegment = manifest.nextSegment
    changedTombstones = savepoint.changedTombstones
    removedCount = savepoint.removedCount
    fieldNames = nil
    for (number, bytes) in savedTombstones ?? [:] {
      do throws(DecodingFault) {
        tombstones[number] = try Tombstones(bytes.span)
      } catch {
        throw .corrupted(error, at: .init(segment: number, part: "tombstones"))
      }
    }
    savedTombstones = [:]
    for number in written {
      tombstones[number] = nil
      try removeSegment(number)
    }
  }
}
