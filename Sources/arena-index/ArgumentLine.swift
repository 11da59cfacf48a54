import ArgumentParser
import Foundation

/// The arguments of the program, before the parser reads them: options of the store may stand
/// before the command, and a word that is no command is answered with the one that was probably
/// meant.
struct ArgumentLine {
  /// The words that name the command, as far as there is one of that name.
  private(set) var path: [String] = []
  /// The command they name.
  private var command: any ParsableCommand.Type = ArenaIndex.self
  /// Options of the store that stood before, or between, these words.
  private let options: [String]
  /// What follows.
  private let rest: [String]

  init(_ arguments: [String]) {
    var position = 0
    var options: [String] = []
    while position < arguments.count {
      let argument = arguments[position]
      if argument == "--store", position + 1 < arguments.count {
        options += arguments[position...position + 1]
        position += 2
      } else if argument == "--json" || argument.hasPrefix("--store=") {
        options.append(argument)
        position += 1
      } else if let next = Self.subcommand(argument, of: command) {
        path.append(argument)
        command = next
        position += 1
      } else {
        break
      }
    }
    rest = Array(arguments[position...])
    // Help is about no store.
    self.options = path.isEmpty && rest.first == "help" ? [] : options
  }

  /// What the parser is to read. Without a command, it says what it thinks of the options.
  var arguments: [String] { path + options + rest }

  private static func subcommand(
    _ name: String, of command: any ParsableCommand.Type
  ) -> (any ParsableCommand.Type)? {
    command.configuration.subcommands.first { $0._commandName == name }
  }
}

// MARK: - Words that are no command

extension ArgumentLine {
  /// What to say about a word that stands where a command should, and is none; `nil` if all is
  /// well.
  var unknownCommand: TerminalText? {
    if path.isEmpty, rest.first == "help" { return unknownTopic }
    guard !command.configuration.subcommands.isEmpty,
      let word = rest.first(where: { !isOption($0) }),
      rest.first == word || command.configuration.defaultSubcommand != nil,
      !isValue(word)
    else { return nil }
    return Self.unknown(word, after: path, of: command)
  }

  private func isOption(_ word: String) -> Bool { word.hasPrefix("-") }

  /// Whether a word belongs to the option before it.
  private func isValue(_ word: String) -> Bool {
    guard let position = rest.firstIndex(of: word), position > 0 else { return false }
    let option = rest[position - 1]
    return option.hasPrefix("--") && !option.contains("=") && option != "--json"
  }

  /// The parser answers 'help' about what it does not know with the help for everything.
  private var unknownTopic: TerminalText? {
    var command: any ParsableCommand.Type = ArenaIndex.self
    var path: [String] = []
    for word in rest.dropFirst() where !isOption(word) {
      guard let next = Self.subcommand(word, of: command) else {
        return word == "help" && path.isEmpty ? nil : Self.unknown(word, after: path, of: command)
      }
      command = next
      path.append(word)
    }
    return nil
  }

  private static func unknown(
    _ word: String, after path: [String], of command: any ParsableCommand.Type
  ) -> TerminalText {
    let names = command.configuration.subcommands.map { $0._commandName }
    let place = (["arena-index", "help"] + path).joined(separator: " ")
    let whole = (path + [word]).joined(separator: " ")
    guard !names.isEmpty else { return "'\(path.joined(separator: " "))' has no command '\(word)'" }
    guard let best = Suggestion.best(for: word, among: names) else {
      return "there is no command '\(whole)'; '\(place)' lists all"
    }
    return
      "there is no command '\(whole)'; did you mean '\((path + [best]).joined(separator: " "))'?"
  }
}

// MARK: - Values that look like options

extension ArgumentLine {
  /// Commands that take ids, words or files, which may begin with '-'.
  private static let takingAnything: Set = [
    "add", "delete", "enqueue add", "enqueue delete", "get", "search",
  ]

  /// What to say, besides what is wrong, about an argument that may have been meant as a value.
  ///
  /// - Parameter message: What the parser says.
  func advice(about message: String) -> TerminalText? {
    guard Self.takingAnything.contains(path.joined(separator: " ")),
      let position = rest.prefix(while: { $0 != "--" }).firstIndex(where: { word in
        // The parser names what it does not know only if nothing else is wrong. Options have two
        // hyphens.
        word.hasPrefix("--")
          ? message.contains("Unknown option '\(word)'")
          : word.hasPrefix("-") && word != "-" && word != "-h"
      })
    else { return nil }
    let example = (path + rest[..<position] + ["--", rest[position]]).joined(separator: " ")
    return """
      If it is a value and no option, write '--' before it, after all options: \
      'arena-index \(example)'
      """
  }
}

// MARK: - What the parser says

extension ArgumentLine {
  /// A message of the parser, in which line feeds of arguments are none any more: those that are
  /// left are the parser's own.
  func escapingArguments(in message: String) -> String {
    var message = message
    for argument in rest where argument.unicodeScalars.contains("\n") {
      // It may quote an option alone, or its value.
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      for part in [argument] + parts where !part.isEmpty {
        message = message.replacingOccurrences(of: part, with: TerminalText.escape(part))
      }
    }
    return message
  }
}

/// What was probably meant.
enum Suggestion {
  /// The name that takes the fewest changes to reach from a word: letters added, left out, changed,
  /// or exchanged with their neighbor. `nil` if none is near.
  static func best(for word: String, among names: [String]) -> String? {
    // More changes than that make any short word of any other.
    let limit = word.count <= 4 ? 1 : 2
    let distances = names.map { (name: $0, distance: distance(Array(word), Array($0))) }
    guard let nearest = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    if nearest.distance <= limit { return nearest.name }
    let longer = names.filter { word.count >= 3 && $0.hasPrefix(word) }
    return longer.count == 1 ? longer[0] : nil
  }

  /// The optimal string alignment of two words.
  ///
  /// - Complexity: O(*nm*) for words of *n* and *m* characters. Long words are as far from each
  ///   other as they are long.
  private static func distance(_ word: [Character], _ name: [Character]) -> Int {
    guard abs(word.count - name.count) <= 2 else { return max(word.count, name.count) }
    var rows = [Array(0...name.count)]
    for i in 1..<word.count + 1 {
      var row = [i]
      for j in 1..<name.count + 1 {
        let isSame = word[i - 1] == name[j - 1]
        var best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (isSame ? 0 : 1))
        if i > 1, j > 1, word[i - 1] == name[j - 2], word[i - 2] == name[j - 1] {
          best = min(best, rows[i - 2][j - 2] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[word.count][name.count]
  }
}
