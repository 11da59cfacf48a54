import BumpArena
import Foundation
import IndexerPipeline

extension Pitfall {
  static let virtualSize = Pitfall(
    name: "virtual-size",
    fileName: "VirtualSize",
    title: "Address space taken for memory",
    why: """
      A map of 2 TiB is a promise of addresses, not of memory. An alarm on the virtual size (VmSize, VIRT in top), or a limit on it (`ulimit -v`), \
      counts terabytes; what the process uses are the pages that it touched.
      """,
    question:
      "A process reserves 2 TiB and touches 64 MiB of it, on a machine with less memory than 2 TiB. Does an alarm at the machine's memory ring?",
    given: ["an arena of one address range of 2 TiB", "64 MiB of it touched"],
    measure: { half, _ in
      let memory = Int(ProcessInfo.processInfo.physicalMemory)
      var figures = [Figure("memory of this machine", bytes: memory)]
      var counts: [Int] = []
      do throws(ArenaError) {
        switch half {
        case .wrong: try watchAddresses { counts.append($0) }
        case .right: try watchPages { counts.append($0) }
        }
        figures += [
          Figure("gained by reserving 2 TiB", bytes: counts[1] - counts[0]),
          Figure("gained by touching 64 MiB", bytes: counts[2] - counts[1]),
          Figure("an alarm at the machine's memory", counts[2] > memory ? "rings" : "is silent"),
        ]
      } catch {
        figures += [
          Figure("gained by reserving 2 TiB", "refused"),
          Figure("addresses that may be mapped", bytes: AddressSpace.measure().byteCount),
        ]
      }
      return figures
    },
    verdict: { outcome in
      let reserving = try outcome.figure(.wrong, "gained by reserving 2 TiB")
      if reserving.unit == .text {
        return .shown(
          """
          It does not come to that: the limit on addresses refused the 2 TiB, although the machine has \
          \(try outcome.text(.wrong, "memory of this machine")) and 64 MiB were wanted. `BumpArena(trying:)` says so with an error that a program \
          can act on; the indexer then takes smaller maps (Docs/AddressSpace.md).
          """)
      }
      let alarm = try outcome.text(.wrong, "an alarm at the machine's memory")
      let quiet = try outcome.text(.right, "an alarm at the machine's memory")
      guard alarm == "rings", quiet != alarm else {
        return .notShown("the alarm on addresses \(alarm), the one on pages \(quiet)")
      }
      return .shown(
        """
        The one that counts addresses rings, at \(reserving.text) of which 64 MiB are memory. The one that counts pages gained \
        \(try outcome.text(.right, "gained by reserving 2 TiB")) by reserving and \(try outcome.text(.right, "gained by touching 64 MiB")) by touching.
        """)
    },
    help: """
      It does not know the machine. The arena's throwing form (`BumpArena(trying:)`) makes a refusal an error instead of the end of the process.
      """,
    exercise:
      "Run this stop under `ulimit -v 20000000` (20 GB of addresses). What is refused, and is any memory missing?"
  )
}
