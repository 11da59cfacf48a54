import Foundation
import Glibc
import Testing

/// A terminal: the end that a program has, and the one that a person has.
struct PseudoTerminal {
  let program: FileHandle
  let person: FileHandle

  /// TIOCSPTLCK and TIOCGPTN of Linux, which Swift does not see.
  private static let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

  init(columns: Int) throws {
    let person = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (isLocked, number) = (Int32(0), Int32(0))
    var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    // SAFETY: the calls read and write the local variables.
    let codes = [
      unsafe ioctl(person, Self.setLock, &isLocked), unsafe ioctl(person, Self.getNumber, &number),
      unsafe ioctl(person, UInt(TIOCSWINSZ), &size),
    ]
    #expect(codes == [0, 0, 0])
    let end = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    #expect(end >= 0)
    program = FileHandle(fileDescriptor: end, closeOnDealloc: true)
    self.person = FileHandle(fileDescriptor: person, closeOnDealloc: true)
  }

  /// Runs a program on the terminal. Returns its exit code and the bytes that the person gets.
  static func run(
    _ path: String, _ arguments: [String], columns: Int = 200
  ) throws -> (code: Int32, shown: Data) {
    let terminal = try PseudoTerminal(columns: columns)
    var mode = termios()
    // SAFETY: the calls read and write the local variable.
    unsafe tcgetattr(terminal.program.fileDescriptor, &mode)
    // What is shown is what was written.
    mode.c_oflag &= ~tcflag_t(OPOST)
    unsafe tcsetattr(terminal.program.fileDescriptor, TCSANOW, &mode)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = terminal.program
    process.standardError = terminal.program
    // A terminal holds a few thousand bytes: they are read while the program writes.
    let reader = Reader(terminal.person)
    try process.run()
    process.waitUntilExit()
    try terminal.program.close()
    return (process.terminationStatus, reader.all())
  }

  /// Reads until nobody has the other end open any more.
  private final class Reader: @unchecked Sendable {
    // `@unchecked`: the data is looked at after the thread has ended.
    private var data = Data()
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ handle: FileHandle) {
      let descriptor = handle.fileDescriptor
      Thread.detachNewThread { [self] in
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
          // SAFETY: the pointer is to as many bytes as are said.
          let count = unsafe read(descriptor, &buffer, buffer.count)
          guard count > 0 else { break }
          data.append(contentsOf: buffer[..<count])
        }
        hasEnded.signal()
      }
    }

    func all() -> Data {
      hasEnded.wait()
      return data
    }
  }
}
