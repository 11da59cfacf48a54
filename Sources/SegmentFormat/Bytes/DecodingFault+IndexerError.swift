public import SystemSupport

extension IndexerError {
  /// Stored bytes that cannot be decoded.
  public static func corrupted(_ fault: DecodingFault, at location: Location) -> IndexerError {
    var location = location
    location.byteOffset = fault.byteOffset
    return IndexerError(.damage(.undecodable(fault.problem)), at: location)
  }
}
