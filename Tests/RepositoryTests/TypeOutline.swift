/// The types that a file declares, and the names that it uses.
struct TypeOutline {
  /// The types that other files can name, with the names of the types around them: `Outer.Inner`.
  private(set) var visibleTypes: Set<String> = []
  /// Names that mean something of this file or of its generic signatures.
  private var localNames: Set<String> = []
  /// The types whose nested types are named without a qualification here: those that are declared
  /// or extended.
  private var openTypes: Set<String> = []
  private let tokens: [SwiftSource.Token]

  private static let kinds: Set<String> = ["struct", "class", "enum", "actor", "protocol"]
  private static let modifiersOfClass: Set<String> = ["func", "var", "let", "subscript", "init"]

  init(_ tokens: [SwiftSource.Token]) {
    self.tokens = tokens
    // For each open brace the name of the type it belongs to, or `nil` for any other.
    var scopes: [String?] = []
    var pending: String?
    var isHidden = false
    for (index, token) in tokens.enumerated() {
      switch token {
      case .symbol("{"):
        scopes.append(pending)
        pending = nil
      case .symbol("}"):
        if !scopes.isEmpty { scopes.removeLast() }
        isHidden = false
      case .symbol: break
      case .word(let word):
        guard !isMember(index) else { continue }
        switch word {
        case "private", "fileprivate": isHidden = true
        case "func", "var", "let", "init", "subscript", "case", "import":
          isHidden = false
        case "extension":
          pending = qualifiedName(at: index + 1)
          if let pending { openTypes.insert(pending) }
          isHidden = false
        case "associatedtype":
          if let name = self.word(at: index + 1) { localNames.insert(name) }
        case "typealias",
          _ where Self.kinds.contains(word):
          guard let name = self.word(at: index + 1), !Self.modifiersOfClass.contains(name),
            name.first?.isUppercase == true
          else { continue }
          let outer = scopes.compactMap { $0 }
          let isLocal = outer.count != scopes.count
          let full = (outer + [name]).joined(separator: ".")
          if isHidden || isLocal {
            localNames.insert(name)
          } else {
            visibleTypes.insert(full)
          }
          if word != "typealias" {
            pending = name
            openTypes.insert(full)
          }
          isHidden = false
          collectGenericParameters(at: index + 2)
        default: break
        }
        if word == "func" { collectGenericParameters(at: index + 2) }
        if word == "init" { collectGenericParameters(at: index + 1) }
      }
    }
  }

  private func word(at index: Int) -> String? {
    guard tokens.indices.contains(index), case .word(let word) = tokens[index] else { return nil }
    return word
  }

  private func isSymbol(_ symbol: Character, at index: Int) -> Bool {
    tokens.indices.contains(index) && tokens[index] == .symbol(symbol)
  }

  private func isMember(_ index: Int) -> Bool { isSymbol(".", at: index - 1) }

  private func qualifiedName(at index: Int) -> String? {
    guard var name = self.word(at: index) else { return nil }
    var index = index
    while isSymbol(".", at: index + 1), let next = self.word(at: index + 2) {
      name += "." + next
      index += 2
    }
    return name
  }

  /// `<A, B: C>` after a name: A and B.
  private mutating func collectGenericParameters(at start: Int) {
    guard isSymbol("<", at: start) else { return }
    var (depth, index) = (1, start + 1)
    while depth > 0, index < tokens.count {
      if isSymbol("<", at: index) { depth += 1 }
      if isSymbol(">", at: index) { depth -= 1 }
      let begins = depth == 1 && (isSymbol("<", at: index - 1) || isSymbol(",", at: index - 1))
      if begins, let name = self.word(at: index) { localNames.insert(name == "let" ? "" : name) }
      index += 1
    }
  }

  /// Which of the given types this file names.
  func references(among types: Set<String>) -> Set<String> {
    var found: Set<String> = []
    for index in tokens.indices {
      guard let name = self.word(at: index), name.first?.isUppercase == true, !isMember(index),
        !localNames.contains(name)
      else { continue }
      // `A.B` is the nested type if there is one, and names A in any case.
      var full = name
      var end = index
      if let nested = nestedType(name, among: types) {
        full = nested
      } else if !types.contains(name) {
        // The name of a module, or a type of another one.
        guard isSymbol(".", at: index + 1), let next = self.word(at: index + 2),
          types.contains(next),
          !types.contains(name + "." + next), isModule(name)
        else { continue }
        full = next
        end += 2
      }
      found.insert(full)
      while isSymbol(".", at: end + 1), let next = self.word(at: end + 2),
        types.contains(full + "." + next)
      {
        full += "." + next
        end += 2
        found.insert(full)
      }
    }
    return found
  }

  private func isModule(_ name: String) -> Bool {
    [
      "BumpArena", "ArenaCollections", "LMDB", "IndexerPipeline", "IndexEngine", "SegmentFormat",
      "DocumentInput", "SystemSupport",
    ].contains(name)
  }

  /// The nested type that an unqualified name means inside the types that this file opens.
  private func nestedType(_ name: String, among types: Set<String>) -> String? {
    for type in openTypes {
      var outer = type.split(separator: ".")
      while !outer.isEmpty {
        let full = outer.joined(separator: ".") + "." + name
        if types.contains(full) { return full }
        outer.removeLast()
      }
    }
    return nil
  }
}
