import Foundation
import IndexerPipeline

/// A picture of curves over time, drawn by gnuplot as SVG that takes its colours from the page
/// around it.
struct Plot {
  struct Curve {
    var name: String
    /// Seconds and values.
    var points: [(Double, Double)]
  }

  /// Told apart on white and on black, also by those who see no red or no green.
  private static let colors = ["#3b82d6", "#e0801c", "#159a86"]

  var title: String
  var unit: String
  var curves: [Curve]

  /// Draws it.
  ///
  /// - Throws: ``CommandFailure`` with `storage` if gnuplot cannot be run.
  func svg() throws(CommandFailure) -> String {
    var script = """
      set terminal svg size 640,280 dynamic font 'system-ui,sans-serif,12'
      set xlabel 'seconds'
      set ylabel '\(unit)'
      set key above
      set grid ytics
      set xrange [0:*]
      set yrange [0:*]
      set border 3
      set tics nomirror

      """
    let parts = zip(curves, Self.colors).map { curve, color in
      "'-' with lines lw 2 lc rgb '\(color)' title '\(curve.name)'"
    }
    script += "plot " + parts.joined(separator: ", ") + "\n"
    for curve in curves {
      for (seconds, value) in curve.points { script += "\(seconds) \(value)\n" }
      script += "e\n"
    }
    return Self.adapted(try Self.run(script), label: title)
  }

  private static func run(_ script: String) throws(CommandFailure) -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gnuplot"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
      // It reads everything before it draws.
      input.fileHandleForWriting.write(Data(script.utf8))
      try input.fileHandleForWriting.close()
    } catch {
      throw missing
    }
    let svg = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0, !svg.isEmpty else { throw missing }
    return String(decoding: svg, as: UTF8.self)
  }

  private static var missing: CommandFailure {
    CommandFailure(
      .storage,
      "gnuplot, which draws the pictures, cannot be run; "
        + "install it (Debian: gnuplot-nox), or leave '--run' out")
  }

  /// Takes the XML header off and says what it shows, for those who do not see it.
  private static func adapted(_ svg: String, label: String) -> String {
    guard let start = svg.range(of: "<svg") else { return "" }
    let picture = String(svg[start.lowerBound...]).replacing(
      "<svg", with: "<svg role=\"img\" aria-label=\"\(HTML.escape(label))\"", maxReplacements: 1)
    return "<div class=\"plot\">\(picture)</div>"
  }
}
