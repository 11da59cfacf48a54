import ArenaTestSupport
import Foundation

@testable import IndexEngine
@testable import IndexerPipeline

/// An index without any cleverness, to compare the real one with: dictionaries in memory, text cut
/// up with Foundation.
struct NaiveIndex {
  /// By external id; the last version of a document wins.
  private(set) var documents: [String: [String: Any]] = [:]
  private(set) var sources: [String: String] = [:]
  /// The terms of each text of a document, by external id.
  private var values: [String: [(path: String, terms: [String])]] = [:]
  let primaryKey: String

  init(primaryKey: String = "id") { self.primaryKey = primaryKey }

  mutating func add(_ source: String) throws {
    let object = try JSONSerialization.jsonObject(with: Data(source.utf8))
    guard let document = object as? [String: Any], let id = document[primaryKey] else { return }
    let name = (id as? String) ?? (id as? NSNumber)?.stringValue ?? ""
    documents[name] = document
    sources[name] = source
    values[name] = Self.texts(document).map { (path: $0.path, terms: NaiveTerms.of($0.text)) }
  }

  mutating func delete(_ id: String) {
    documents[id] = nil
    sources[id] = nil
    values[id] = nil
  }

  /// The texts of a document, and its numbers and booleans, by path. Texts of an array share the
  /// path of the array.
  static func texts(_ value: Any, path: String = "") -> [(path: String, text: String)] {
    switch value {
    case let text as String: return [(path, text)]
    // A boolean is a number, too, of another type.
    case let number as NSNumber:
      // SAFETY: the name of the type is a constant of Foundation's.
      let isBoolean = unsafe String(cString: number.objCType) == "c"
      return [(path, isBoolean ? (number.boolValue ? "true" : "false") : number.stringValue)]
    case let object as [String: Any]:
      return object.flatMap { texts($1, path: path.isEmpty ? $0 : path + "." + $0) }
    case let array as [Any]: return array.flatMap { texts($0, path: path) }
    default: return []
    }
  }

  /// What `dump` should say.
  func dump() -> [DumpEntry] {
    var ids: [String: [String: Set<String>]] = [:]
    for (id, values) in values {
      for value in values {
        for term in value.terms where !term.isEmpty {
          ids[term, default: [:]][value.path, default: []].insert(id)
        }
      }
    }
    return ids.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap {
      term, fields in
      fields.sorted { $0.key < $1.key }.map { field, ids in
        DumpEntry(
          field: field, term: term,
          ids: ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
      }
    }
  }

  /// The ids of the documents that have all words in some field.
  func search(_ words: [String], prefix: Bool = false, phrase: Bool = false) -> Set<String> {
    var found: Set<String> = []
    for (id, values) in values {
      if phrase {
        let matches = values.contains { value in
          value.terms.indices.contains { start in
            words.indices.allSatisfy { offset in
              start + offset < value.terms.count
                && (prefix && offset == words.count - 1
                  ? value.terms[start + offset].hasPrefix(words[offset])
                  : value.terms[start + offset] == words[offset])
            }
          }
        }
        if matches { found.insert(id) }
      } else {
        let all = Set(values.flatMap(\.terms))
        let matches = words.enumerated().allSatisfy { offset, word in
          prefix && offset == words.count - 1
            ? all.contains { $0.hasPrefix(word) } : all.contains(word)
        }
        if matches { found.insert(id) }
      }
    }
    return found
  }
}

extension Store {
  /// Everything `dump` says.
  func dumpEntries(_ name: String) throws -> [DumpEntry] {
    var entries: [DumpEntry] = []
    try dump(name) { entries.append($0) }
    return entries
  }
}
