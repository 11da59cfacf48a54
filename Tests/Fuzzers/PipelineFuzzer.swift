import Foundation

/// Runs the bytes of the fuzzer through the target that `FUZZ_TARGET` names, and ends the process
/// if something does not hold.
private let target = FuzzTarget(rawValue: ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? "")

/// Takes an input of the fuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ byteCount: Int) -> CInt {
  // SAFETY: the fuzzer gives that many bytes, which are copied.
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: byteCount))
  guard let target else { fatalError("FUZZ_TARGET names no target") }
  do {
    try target.run(bytes)
  } catch {
    print(error, bytes, separator: "\n")
    fflush(nil)
    abort()
  }
  return 0
}
