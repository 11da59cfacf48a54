import Glibc

typealias Allocate = @convention(c) (Int) -> UnsafeMutableRawPointer?
typealias Release = @convention(c) (UnsafeMutableRawPointer?) -> Void

/// Two phases of work: one of the program, one of a library that has an allocator of its own.
/// Here that is the C library's, by its inner name. `nil` if it does not exist.
func runWithTwoAllocators(_ phase: (Allocate, Release) -> Void) -> Void? {
  guard let library = unsafe dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD),
    let allocate = unsafe dlsym(library, "__libc_malloc"),
    let release = unsafe dlsym(library, "__libc_free")
  else { return nil }
  unsafe phase({ unsafe malloc($0) }, { unsafe free($0) })
  // SAFETY: these are malloc and free, with their types.
  return unsafe phase(
    unsafeBitCast(allocate, to: Allocate.self), unsafeBitCast(release, to: Release.self))
}
