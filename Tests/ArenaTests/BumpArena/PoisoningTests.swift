import ArenaTestSupport
import BumpArena
import Foundation
import Testing

@Suite struct PoisoningTests {
  /// Reads memory after it was taken back, as a program with an unsafe pointer could.
  private static func readStaleByte(_ takeBack: (inout BumpArena) -> Void) -> UInt8 {
    var arena = BumpArena()
    let pointer = unsafe stalePointer(in: arena)
    takeBack(&arena)
    // SAFETY: none, that is the point; the chunk is still the arena's, so nothing is harmed.
    return unsafe pointer.pointee
  }

  private static func stalePointer(in arena: borrowing BumpArena) -> UnsafePointer<UInt8> {
    let bytes = arena.allocate(repeating: UInt8(7), count: 64)
    return unsafe bytes.span.withUnsafeBufferPointer { buffer in
      unsafe buffer.baseAddress.unsafelyUnwrapped
    }
  }

  @Test(.enabled(if: Sanitizer.isAddressSanitizer))
  func readAfterResetIsReportedByAddressSanitizer() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Self.readStaleByte { $0.reset() }
    }
    let report = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(report.contains("use-after-poison"))
  }

  @Test(.enabled(if: Sanitizer.isAddressSanitizer))
  func readAfterAScopeIsReportedByAddressSanitizer() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let arena = BumpArena()
      let pointer = unsafe arena.withScope { unsafe Self.stalePointer(in: $0) }
      // SAFETY: none, that is the point.
      print(unsafe pointer.pointee)
    }
    let report = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(report.contains("use-after-poison"))
  }

  @Test(.enabled(if: Sanitizer.isAddressSanitizer))
  func readBeyondAnAllocationIsReportedByAddressSanitizer() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let arena = BumpArena()
      let pointer = unsafe Self.stalePointer(in: arena)
      // SAFETY: none, that is the point.
      print(unsafe pointer[64])
    }
    let report = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(report.contains("use-after-poison"))
  }

  #if DEBUG
  @Test(.enabled(if: !Sanitizer.isAddressSanitizer))
  func memoryTakenBackIsFilledInADebugBuild() {
    #expect(Self.readStaleByte { $0.reset() } == 0xdb)
  }
  #endif
}
