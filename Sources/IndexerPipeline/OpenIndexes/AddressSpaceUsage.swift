/// What the stores of a process take of the address space at one moment.
public struct AddressSpaceUsage: Sendable, Equatable {
  /// The bytes of all maps.
  public var mapByteCount = 0
  /// The number of open environments: indexes, and the catalog of each store.
  public var environmentCount = 0
  /// The most bytes of maps at once so far.
  public var peakMapByteCount = 0
  /// The most open environments at once so far.
  public var peakEnvironmentCount = 0
  /// How many idle indexes were closed to make room.
  public var evictionCount = 0
}
