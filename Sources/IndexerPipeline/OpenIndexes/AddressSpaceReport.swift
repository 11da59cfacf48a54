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
