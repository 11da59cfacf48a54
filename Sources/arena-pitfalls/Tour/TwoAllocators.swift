import Foundation

extension Pitfall {
  private static let blockCount = 100_000
  private static let blockByteCount = 1_000

  private typealias Allocate = (Int) -> UnsafeMutableRawPointer?
  private typealias Free = (UnsafeMutableRawPointer?) -> Void

  static let twoAllocators = Pitfall(
    name: "two-allocators",
    title: "Two allocators in one process",
    why: """
      What one allocator has freed, it keeps for itself. If the program uses mimalloc and a library the C library's malloc, the one cannot use what the \
      other holds: the process needs the sum of both peaks, not the larger one.
      """,
    wrong: """
      // The program:   cc main.o -lmimalloc
      // A library, linked statically with an allocator of its own, or with RTLD_DEEPBIND:
      //   every malloc in it goes elsewhere.
      """,
    wrongFigures: {
      // Looked up in the C library itself: mimalloc answers to these names, too.
      guard let library = unsafe dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD),
        let libcMalloc = unsafe dlsym(library, "__libc_malloc"),
        let libcFree = unsafe dlsym(library, "__libc_free")
      else { return [Figure(label: "the C library's own malloc", value: "not to be had here")] }
      // SAFETY: these are the C library's malloc and free, by their other names.
      let allocate = unsafe unsafeBitCast(
        libcMalloc, to: (@convention(c) (Int) -> UnsafeMutableRawPointer?).self)
      let free = unsafe unsafeBitCast(
        libcFree, to: (@convention(c) (UnsafeMutableRawPointer?) -> Void).self)
      return unsafe alternate(
        { unsafe malloc($0) }, { unsafe Foundation.free($0) }, { unsafe allocate($0) },
        { unsafe free($0) })
    },
    right: """
      import IndexerPipeline

      func checkAllocator() {
        let report = AllocatorReport.current()  // or: arena-index doctor --require-unified
        precondition(report.isUnified, "the process has more than one allocator")
      }
      """,
    rightFigures: {
      unsafe alternate(
        { unsafe malloc($0) }, { unsafe free($0) }, { unsafe malloc($0) }, { unsafe free($0) })
    })

  /// A phase that allocates with the first allocator and frees, then one with the second; a few blocks
  /// of each stay, as they do.
  private static func alternate(
    _ firstAllocate: Allocate, _ firstFree: Free, _ secondAllocate: Allocate,
    _ secondFree: Free
  ) -> [Figure] {
    let before = residentByteCount()
    // SAFETY: each block is freed by the allocator that it is of, but for those that stay.
    let first = unsafe phase(firstAllocate, firstFree)
    let second = unsafe phase(secondAllocate, secondFree)
    return [
      Figure("each of two phases needs", bytes: blockCount * blockByteCount),
      Figure("resident memory gained at the peak of the first", bytes: first - before),
      Figure("at the peak of the second", bytes: second - before),
    ]
  }

  /// Returns the resident memory at the peak.
  private static func phase(_ allocate: Allocate, _ free: Free) -> Int {
    var blocks: [UnsafeMutableRawPointer?] = unsafe []
    for _ in 0..<blockCount {
      guard let block = unsafe allocate(blockByteCount) else { continue }
      // SAFETY: the block has that many bytes.
      unsafe memset(block, 1, blockByteCount)
      unsafe blocks.append(block)
    }
    let peak = residentByteCount()
    // One of a hundred stays: enough to hold on to most pages.
    unsafe blocks.indices.forEach { index in
      if index % 100 != 0 { unsafe free(blocks[index]) }
    }
    return peak
  }
}
