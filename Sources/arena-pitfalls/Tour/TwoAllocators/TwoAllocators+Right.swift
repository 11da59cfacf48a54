import Glibc

/// Two phases of work, with one allocator.
func runWithOneAllocator(
  _ phase: (
    @convention(c) (Int) -> UnsafeMutableRawPointer?,
    @convention(c) (UnsafeMutableRawPointer?) -> Void
  ) -> Void
) {
  // SAFETY: what malloc gave goes back to free.
  unsafe phase({ unsafe malloc($0) }, { unsafe free($0) })
  unsafe phase({ unsafe malloc($0) }, { unsafe free($0) })
}
