import Foundation

/// The workloads on malloc and free. Blocks are freed one by one, so their addresses are kept, as a
/// program would have to.
enum MallocWorkloads {
  static func run(_ workload: Workload, scale: Int) -> WorkResult {
    // SAFETY: `blocks` frees what `allocate` adds.
    switch workload {
    case .none: return WorkResult(seconds: 0, checksum: 0)
    case .allocate8: return unsafe blocks(scale) { unsafe allocate(&$0, UInt64($1)) }
    case .allocate24: return unsafe blocks(scale) { unsafe allocate(&$0, Triple(UInt64($1))) }
    case .allocate64: return unsafe blocks(scale) { unsafe allocate(&$0, Line(UInt64($1))) }
    case .allocateMixed:
      return fill(scale) { mixedByteCount($0) }
    case .megabytesWarm:
      var result = twice { fill(scale / 100_000) { _ in 1 << 20 } }
      result.checksum = UInt64(2 * (scale / 100_000))
      return result
    case .allocate8Warm: return twice { unsafe blocks(scale) { unsafe allocate(&$0, UInt64($1)) } }
    case .allocate24Warm:
      return twice { unsafe blocks(scale) { unsafe allocate(&$0, Triple(UInt64($1))) } }
    case .strings: return strings(scale)
    case .push: return push(scale)
    case .pushWarm: return twice { push(scale) }
    case .smallArenas:
      return timed { () -> UInt64 in
        for _ in 0..<scale / 400 {
          _ = unsafe blocks(400) { unsafe allocate(&$0, Triple(UInt64($1))) }
        }
        return UInt64(scale / 400)
      }
    }
  }

  private static func twice(_ body: () -> WorkResult) -> WorkResult {
    let first = body().checksum
    var result = body()
    result.checksum &+= first
    return result
  }

  @inline(__always)
  private static func allocate<Element: BitwiseCopyable>(
    _ kept: inout [UnsafeMutableRawPointer], _ value: Element
  ) {
    // SAFETY: the block has room for the value, and is freed by `blocks`.
    guard let block = unsafe malloc(MemoryLayout<Element>.size) else { return }
    unsafe block.storeBytes(of: value, as: Element.self)
    unsafe kept.append(block)
  }

  @inline(__always)
  private static func blocks(
    _ count: Int, _ body: (inout [UnsafeMutableRawPointer], Int) -> Void
  ) -> WorkResult {
    timed {
      // SAFETY: `body` adds blocks of malloc's, each of which is freed once.
      var kept: [UnsafeMutableRawPointer] = unsafe []
      unsafe kept.reserveCapacity(count)
      for number in 0..<count { unsafe body(&kept, number) }
      unsafe kept.forEach { unsafe free($0) }
      return UInt64(count)
    }
  }

  private static func strings(_ count: Int) -> WorkResult {
    var byteCount = 0
    var result = unsafe SampleText.bytes.withUnsafeBytes { text in
      unsafe blocks(count) { kept, number in
        let range = SampleText.range(number)
        // SAFETY: the range lies within the text, and the block has room for it.
        guard let block = unsafe malloc(range.count) else { return }
        unsafe memcpy(block, text.baseAddress.unsafelyUnwrapped + range.lowerBound, range.count)
        unsafe kept.append(block)
        byteCount &+= range.count
      }
    }
    result.checksum = UInt64(byteCount)
    return result
  }

  /// Blocks of the given sizes, filled with a byte; the checksum is the sum of the sizes.
  private static func fill(_ count: Int, _ byteCountOf: (Int) -> Int) -> WorkResult {
    var byteCount = 0
    var result = unsafe blocks(count) { kept, number in
      let size = byteCountOf(number)
      // SAFETY: the block has that many bytes.
      guard let block = unsafe malloc(size) else { return }
      unsafe memset(block, Int32(number & 0xff), size)
      unsafe kept.append(block)
      byteCount &+= size
    }
    result.checksum = UInt64(byteCount)
    return result
  }

  /// A vector that doubles with realloc.
  @inline(never)
  private static func push(_ count: Int) -> WorkResult {
    timed {
      var capacity = 8
      // SAFETY: the buffer has room for `capacity` numbers, of which those before `number` are
      // initialized.
      var buffer = unsafe malloc(capacity * 8)?.assumingMemoryBound(to: UInt64.self)
      for number in 0..<count {
        if number == capacity {
          capacity *= 2
          unsafe buffer = realloc(buffer, capacity * 8)?.assumingMemoryBound(to: UInt64.self)
        }
        unsafe buffer?[number] = UInt64(number)
      }
      defer { unsafe free(buffer) }
      return unsafe (buffer?[count / 2] ?? 0) &+ (buffer?[count - 1] ?? 0)
    }
  }
}
