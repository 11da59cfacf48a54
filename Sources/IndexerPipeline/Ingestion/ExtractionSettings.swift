/// What applies to every document of a job.
struct ExtractionSettings: Sendable {
  let configuration: IndexerConfiguration
  /// The field that holds the ids.
  let primaryKey: [UInt8]
}
