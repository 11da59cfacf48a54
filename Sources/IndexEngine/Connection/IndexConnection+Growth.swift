import LMDB
package import SystemSupport

extension IndexConnection {
  /// How much larger a map becomes, the best first: if the address space has no room for that,
  /// less.
  private static let growthFactors = [4.0, 2, 1.25]

  /// How long to wait for transactions that last long. New ones are not held up meanwhile.
  private static let growthPatience = Duration.seconds(600)

  /// How long to wait for them before there is need to: until short ones have ended.
  private static let earlyGrowthPatience = Duration.milliseconds(100)

  /// Grows the map in place; the transaction that found it full was aborted. Only transactions of
  /// this index are waited for.
  ///
  /// Sizes grow geometrically: a file that ends at *n* times the first size has been through
  /// O(log *n*) of them.
  ///
  /// - Parameter byteCount: What is about to be written.
  /// - Throws: ``IndexerError`` with `outOfMemory` if there is no room for any larger map, `busy`
  ///   if a transaction lasts longer than ten minutes. The map is as before.
  package func grow(toHold byteCount: Int) throws(IndexerError) {
    let old = environment.information.mapByteCount
    guard growsMap else {
      throw IndexerError(
        .memory(.fixedMap(byteCount: old)), at: .init(path: environment.path))
    }
    // Pages are copied before they are changed.
    let least = old + max(1 << 20, 2 * byteCount)
    var sizes = Self.growthFactors.map { max(least, Int(Double(old) * $0).roundedDown(to: 4096)) }
    sizes.append(least)
    for size in sizes.dropLast()
    where try grow(to: size, patience: Self.growthPatience, waitsForRoom: false) { return }
    guard try grow(to: least, patience: Self.growthPatience, waitsForRoom: true) else {
      throw IndexerError(.memory(.map(byteCount: old)), at: .init(path: environment.path))
    }
  }

  /// Returns `false` if there is no room.
  private func grow(
    to byteCount: Int, patience: Duration, waitsForRoom: Bool
  ) throws(IndexerError) -> Bool {
    do throws(LMDBError) {
      try environment.setMapByteCount(byteCount, patience: patience, waitsForRoom: waitsForRoom)
      return true
    } catch {
      // What the account refused has a reason to tell.
      guard error.code == .outOfMemory, !waitsForRoom else { throw IndexerError(error) }
      return false
    }
  }

  /// Grows the map if what is about to be written may not fit and that costs no waiting, neither
  /// for room nor for long transactions: nothing has to be written twice then. Returns whether it
  /// has grown.
  func makeRoom(for byteCount: Int) -> Bool {
    guard growsMap else { return false }
    let information = environment.information
    let free = information.mapByteCount - information.usedByteCount
    guard free < 2 * byteCount + (64 << 10) else { return false }
    for factor in Self.growthFactors {
      let size = Int(Double(information.mapByteCount) * factor).roundedDown(to: 4096)
      do throws(IndexerError) {
        if try grow(to: size, patience: Self.earlyGrowthPatience, waitsForRoom: false) {
          return true
        }
      } catch {
        // A transaction lasts longer: a smaller map would have to wait for it, too.
        return false
      }
    }
    return false
  }
}
