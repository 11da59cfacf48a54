package import SystemSupport

extension IndexerError {
  /// Stored bytes that cannot be decoded.
  package static func corrupted(_ fault: DecodingFault, at place: String) -> IndexerError {
    IndexerError(
      .corrupted, "\(fault.problem), byte \(fault.byteOffset) of the value", at: place,
      advice: damageAdvice)
  }
}
