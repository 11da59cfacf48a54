import CMimalloc
import Glibc
import Synchronization

extension ProcessMemory {
  /// Gives memory that was freed back to the system, in the way of the allocator that answers `malloc`.
  ///
  /// Allocators keep what was freed, for what is allocated next. A thread that stays, and is busy only now
  /// and then, makes its process hold the largest batch until this is called. Adding documents does it on
  /// each of its threads.
  ///
  /// - mimalloc gives back what the calling thread holds of what was freed. Another thread cannot do it for
  ///   it. mimalloc 2 keeps pages that the thread itself has freed next to others that are in use.
  /// - jemalloc gives back what the calling thread keeps in its cache, and what lies unused in all arenas.
  /// - The C library (`malloc_trim`) gives back what lies unused in the whole heap, and locks it meanwhile.
  /// - Of any other allocator nothing is given back.
  ///
  /// - Complexity: O(*p*) for *p* pages that the thread holds; with jemalloc and the C library, that the
  ///   process holds.
  public static func giveBackFreedMemory() {
    guard !keepsFreedMemory.load(ordering: .relaxed) else { return }
    switch owner {
    case .mimalloc:
      collect()
    case .jemalloc(let control):
      // SAFETY: neither name takes or gives a value; 4,096 stands for all arenas.
      _ = unsafe control("thread.tcache.flush", nil, nil, nil, 0)
      _ = unsafe control("arena.4096.purge", nil, nil, nil, 0)
    case .cLibrary(let trim):
      _ = trim(0)
    case .unknown:
      break
    }
  }

  /// For measurements: from now on ``giveBackFreedMemory()`` does nothing.
  package static func keepFreedMemory() {
    keepsFreedMemory.store(true, ordering: .relaxed)
  }

  private static let keepsFreedMemory = Atomic(false)

  // MARK: - mimalloc

  /// How many threads collect now, and the delay that was set when the first of them began.
  private static let collectors = Mutex<(count: Int, usualDelay: Int)>((0, 0))

  private static func collect() {
    // mimalloc 2 puts giving back off for a while, and then waits for the thread's next call. Without a
    // delay it is done at once. The delay is one for all threads: it comes back when the last one of those
    // that collect has ended. Threads that free meanwhile give back at once, too.
    let version = mi_version()
    guard version < 300 || 20_000..<30_000 ~= version else { return mi_collect(true) }
    collectors.withLock { collectors in
      if collectors.count == 0 {
        collectors.usualDelay = mi_option_get(mi_option_decommit_delay)
        mi_option_set(mi_option_decommit_delay, 0)
      }
      collectors.count += 1
    }
    mi_collect(true)
    collectors.withLock { collectors in
      collectors.count -= 1
      if collectors.count == 0 { mi_option_set(mi_option_decommit_delay, collectors.usualDelay) }
    }
  }

  // MARK: - Who answers

  // SAFETY: the functions are called as their documentation says.
  @safe
  private enum Owner: Sendable {
    case mimalloc
    case jemalloc(Control)
    case cLibrary(Trim)
    case unknown
  }

  /// jemalloc's `mallctl`.
  private typealias Control =
    @convention(c) @Sendable (
      UnsafePointer<CChar>, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?,
      UnsafeMutableRawPointer?, Int
    ) -> Int32

  /// The C library's `malloc_trim`.
  private typealias Trim = @convention(c) @Sendable (Int) -> Int32

  /// The allocator that answers `malloc`. It does not change while the process lives.
  private static let owner: Owner = {
    // SAFETY: jemalloc's documentation gives `mallctl` this signature.
    let control = unsafe dlsym(nil, "mallctl").map { unsafe unsafeBitCast($0, to: Control.self) }
    let before = unsafe allocatedByteCount(control)
    // SAFETY: the block is freed below; only its address is used.
    let block = unsafe malloc(64)
    defer { unsafe free(block) }
    // The block tells: a test may count blocks in a `malloc` of its own, which calls mimalloc's.
    if unsafe mi_is_in_heap_region(block) { return .mimalloc }
    // A jemalloc that is only loaded, too, does not count the block; and it crashes (5.3) if it is asked for
    // the arena of a block that is not its own.
    if let control = unsafe control, unsafe allocatedByteCount(control) != before {
      return unsafe .jemalloc(control)
    }
    // SAFETY: the C library is loaded already; its documentation gives `malloc_trim` this signature.
    if let library = unsafe dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD),
      unsafe dlsym(library, "malloc") == dlsym(nil, "malloc"),
      let symbol = unsafe dlsym(library, "malloc_trim")
    {
      return unsafe .cLibrary(unsafeBitCast(symbol, to: Trim.self))
    }
    return .unknown
  }()

  /// The bytes that jemalloc has given to this thread so far.
  private static func allocatedByteCount(_ control: Control?) -> UInt64 {
    var (value, byteCount) = (UInt64(0), MemoryLayout<UInt64>.size)
    // SAFETY: the value is of the size that is told.
    _ = unsafe control?("thread.allocated", &value, &byteCount, nil, 0)
    return value
  }
}
