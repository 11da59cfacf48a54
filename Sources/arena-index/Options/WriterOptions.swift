import ArgumentParser
import IndexerPipeline

/// What every command takes that changes an index itself.
struct WriterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How long to wait while another program writes to the index.", valueName: "seconds"))
  var wait = Store.defaultWriterTimeout.inSeconds

  func validate() throws {
    guard wait >= 0, wait <= Self.longestWait else {
      throw ValidationError("'--wait' takes 0 to \(Int(Self.longestWait)) seconds.")
    }
  }

  /// A year: a number of seconds has to fit into what counts them.
  private static let longestWait = 365.0 * 24 * 60 * 60
}
