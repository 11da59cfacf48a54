/// What indexes may map in this process, and why no more.
public struct AddressSpaceReport: Sendable, Equatable {
  /// What can be mapped.
  public var measurement: AddressSpace.Measurement
  /// What the maps of indexes may take together, in bytes.
  public var budgetByteCount: Int
  /// What they take now.
  public var usage: AddressSpaceUsage
  /// How many indexes may be open at once; the others wait closed.
  public var maximumOpenCount: Int
  /// The size of the map that an index gets if it is the only one, in bytes.
  public var largestMapByteCount: Int

  /// Finds out.
  public static func current() -> AddressSpaceReport {
    let budget = AddressSpaceBudget.process
    return AddressSpaceReport(
      measurement: AddressSpace.measure(), budgetByteCount: budget.byteCount,
      usage: budget.currentUsage, maximumOpenCount: budget.maximumEnvironmentCount,
      largestMapByteCount: budget.share(of: 1))
  }
}

/// What the stores of a process take of the address space at one moment.
public struct AddressSpaceUsage: Sendable, Equatable {
  /// The bytes of all maps.
  public var mapByteCount = 0
  /// The number of open environments: indexes, and the catalogue of each store.
  public var environmentCount = 0
  /// The most bytes of maps at once so far.
  public var peakMapByteCount = 0
  /// The most open environments at once so far.
  public var peakEnvironmentCount = 0
  /// How many idle indexes were closed to make room.
  public var evictionCount = 0
}

extension Store {
  /// Closes the indexes that are open and not in use, which gives back the memory and the address space
  /// that they take. They open again when they are needed.
  ///
  /// - Returns: How many there were.
  @discardableResult
  public func closeIdleIndexes() -> Int { manager.closeIdle() }
}
