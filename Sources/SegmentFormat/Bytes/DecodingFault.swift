/// What is wrong with stored bytes, and where.
///
/// A checksum says that a value is what was written, not that it makes sense, and the input of a
/// task has none: everything that is decoded is checked here.
public struct DecodingFault: Error {
  /// What was found.
  public let problem: String
  /// The offset in the value, in bytes.
  public let byteOffset: Int

  /// Describes a fault.
  @inlinable
  public init(problem: String, byteOffset: Int) {
    self.problem = problem
    self.byteOffset = byteOffset
  }
}
