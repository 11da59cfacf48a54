import ArenaTestSupport
import Foundation
import Testing

@_spi(Internals) @testable import SystemSupport

@Suite struct PathTextTests {
  /// The bytes that the system gets for a text.
  private func bytes(_ text: String) -> [UInt8] {
    unsafe PathText.withPath(text) { path in
      unsafe Array(UnsafeRawBufferPointer(start: path, count: strlen(path)))
    }
  }

  @Test func everyPathHasATextOfItsOwnThatLeadsBackToIt() {
    var paths: [[UInt8]] = [
      Array("plain".utf8), Array("Ünïcode 東京 👩‍👩‍👧".utf8), Array("e\u{301}".utf8),
      [0x63, 0xe9, 0x2e], [0xff], [0xc3], [0xc3, 0x28], [0xe6, 0x9d], [0xed, 0xa0, 0x80],
      [0xc0, 0x80],
      Array("x\u{10ffff}y".utf8), Array("\u{10ff80}".utf8), [0x80], [],
    ]
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2_000 {
      paths.append(
        (0..<Int.random(in: 1...8, using: &generator)).map { _ in
          UInt8.random(in: 1...255, using: &generator)
        })
    }
    for path in paths { #expect(bytes(PathText.text(of: path)) == path, "\(path)") }
    #expect(Set(paths.map { PathText.text(of: $0) }).count == Set(paths).count)
  }

  @Test func utf8IsItself() {
    for text in ["plain", "Ünïcode 東京", "e\u{301}"] {
      #expect(Array(PathText.text(of: Array(text.utf8)).utf8) == Array(text.utf8))
      #expect(PathText.shown(text) == text && !PathText.isEncoded(text))
    }
    #expect(PathText.shown(PathText.text(of: [0x63, 0xe9, 0x2e])) == #"c\xe9."#)
  }
}
