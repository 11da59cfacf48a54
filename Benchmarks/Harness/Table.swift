/// A table in the form that Markdown and people read.
struct Table {
  /// The heads of the columns.
  let columns: [String]
  /// The rows, each with a cell for every column.
  private(set) var rows: [[String]] = []

  init(columns: [String]) { self.columns = columns }

  /// Adds a row.
  mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count, "Table row has another number of cells")
    rows.append(cells)
  }

  /// The table as text, columns aligned.
  var text: String {
    let widths = columns.indices.map { column in
      ([columns] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      return "| \(padded.joined(separator: " | ")) |"
    }
    let rule =
      "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|"
    return ([line(columns), rule] + rows.map(line)).joined(separator: "\n")
  }
}
