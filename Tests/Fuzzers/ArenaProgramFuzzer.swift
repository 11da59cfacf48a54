import ArenaTestSupport
import Foundation

/// Runs the bytes of the fuzzer as a program on an arena, and ends the process if the arena does
/// not agree with the model. `Scripts/fuzz arena` builds it and collects what it finds in
/// `Tests/Corpus/arena`, which `ProgramTests` replays.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ byteCount: Int) -> CInt {
  // Longer programs find nothing that shorter ones do not.
  guard byteCount <= 8 + 4 * 60 else { return -1 }
  // SAFETY: the fuzzer gives that many bytes, which are copied.
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: byteCount))
  do {
    try ArenaProgramRunner.run(ArenaProgram(bytes))
  } catch {
    print(error, ArenaProgram(bytes), separator: "\n")
    fflush(nil)
    abort()
  }
  return 0
}
