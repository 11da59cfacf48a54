import Foundation

/// Prints a stop of the tour, as text or as Markdown.
struct Presentation {
  let isMarkdown: Bool
  let width: Int
  private(set) var output = ""

  init(isMarkdown: Bool) {
    self.isMarkdown = isMarkdown
    width = isMarkdown ? Layout.widestColumnCount : Layout.columnCount
  }

  /// What was written since the last call.
  mutating func take() -> String {
    defer { output = "" }
    return output
  }

  mutating func show(_ pitfall: Pitfall, number: Int) {
    heading("\(number). \(pitfall.title)")
    paragraph(pitfall.why)
    if isMarkdown, let picture = pitfall.picture {
      write("![\(picture.description)](\(picture.path))\n")
    }
    paragraph(pitfall.question, after: "Predict.")
    paragraph("The wrong code:")
    code(Listing.code(of: .wrong, pitfall))
    paragraph("The right code:")
    code(Listing.code(of: .right, pitfall))
  }

  /// Shows what was measured, and says whether that is what the stop is about.
  mutating func show(_ outcome: Outcome, of pitfall: Pitfall) {
    paragraph(pitfall.given.joined(separator: "; ") + ".", after: "Given:")
    for table in outcome.tables { isMarkdown ? markdown(table) : text(table) }
    let verdict: Pitfall.Verdict
    do { verdict = try pitfall.verdict(outcome) } catch { verdict = .notShown("\(error)") }
    switch verdict {
    case .shown(let answer): paragraph(answer, after: "Answer.")
    case .notShown(let reason): paragraph("because \(reason).", after: "Could not be shown here,")
    }
  }

  mutating func show(_ message: CompilerMessage?, of pitfall: Pitfall) {
    paragraph(pitfall.help, after: "The compiler.")
    if let message, let rejected = Listing.rejected[pitfall.fileName] {
      paragraph("Rejected:")
      code(rejected)
      if !message.isLive {
        paragraph("The compiler cannot be asked here. Recorded with Swift 6.3:")
      }
      block(message.text, language: "")
    }
    paragraph(pitfall.exercise, after: "Exercise.")
  }

  mutating func heading(_ text: String) {
    if isMarkdown { return write("## \(text)\n") }
    write("\n" + Layout.lines(of: "══ \(text) ══", width: width).joined(separator: "\n") + "\n")
  }

  mutating func paragraph(_ text: String, after head: String = "") {
    let start = head.isEmpty ? "" : (isMarkdown ? "**\(head)** " : "\(head) ")
    write(Layout.lines(of: start + text, width: width).joined(separator: "\n") + "\n")
  }

  mutating func list(_ items: [String]) {
    for item in items {
      write(Layout.lines(of: "- " + item, width: width, indent: "  ").joined(separator: "\n"))
    }
    write("")
  }

  mutating func block(_ text: String, language: String) {
    if isMarkdown {
      write("```\(language)\n\(text)\n```\n")
    } else {
      let lines = text.components(separatedBy: "\n")
        .flatMap { Layout.brokenLines(of: $0, width: width - 4) }
      write(lines.map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n") + "\n")
    }
  }

  mutating func write(_ text: String) { output += text + "\n" }

  private mutating func code(_ text: String?) {
    guard let text else { return }
    isMarkdown ? block(text, language: "swift") : picture(text)
  }

  /// Lines that are never broken.
  mutating func picture(_ text: String) {
    if isMarkdown { return block(text, language: "") }
    let lines = text.components(separatedBy: "\n").map { $0.isEmpty ? "" : "    \($0)" }
    write(lines.joined(separator: "\n") + "\n")
  }

  /// The labels of both halves, in order, with what each measured.
  private func rows(_ table: Outcome.Table) -> [(label: String, wrong: String, right: String)] {
    var labels: [String] = []
    for figure in table.wrong + table.right where !labels.contains(figure.label) {
      labels.append(figure.label)
    }
    return labels.map { label in
      let wrong = table.wrong.first { $0.label == label }
      let right = table.right.first { $0.label == label }
      return (label, wrong?.text ?? "–", right?.text ?? "–")
    }
  }

  private mutating func markdown(_ table: Outcome.Table) {
    write("| measured\(table.title.isEmpty ? "" : ": \(table.title)") | wrong | right |")
    write("|---|--:|--:|")
    for row in rows(table) { write("| \(row.label) | \(row.wrong) | \(row.right) |") }
    write("")
  }

  private mutating func text(_ table: Outcome.Table) {
    let rows = rows(table)
    if !table.title.isEmpty {
      write(Layout.lines(of: "Measured: " + table.title, width: width).joined(separator: "\n"))
    }
    let wrongWidth = min(rows.map(\.wrong.count).max() ?? 0, width / 4)
    let rightWidth = min(rows.map(\.right.count).max() ?? 0, width / 4)
    let columns = (max(wrongWidth, 5), max(rightWidth, 5))
    let labelWidth = min(
      max(8, (rows.map(\.label.count).max() ?? 0) + 2), width - columns.0 - columns.1 - 4)
    line((table.title.isEmpty ? "Measured" : "", "wrong", "right"), labelWidth, columns)
    for row in rows { line(("  " + row.label, row.wrong, row.right), labelWidth, columns) }
    write("")
  }

  /// A row of a table; what does not fit into its column goes on below.
  private mutating func line(
    _ row: (label: String, wrong: String, right: String), _ labelWidth: Int, _ columns: (Int, Int)
  ) {
    let labels =
      row.label.count <= labelWidth
      ? [row.label]
      : Layout.lines(of: row.label, width: labelWidth - 2, indent: "  ").map { "  " + $0 }
    let wrong = Layout.lines(of: row.wrong, width: columns.0)
    let right = Layout.lines(of: row.right, width: columns.1)
    for index in 0..<max(labels.count, wrong.count, right.count) {
      func cell(_ lines: [String], _ width: Int, fromRight: Bool) -> String {
        let text = index < lines.count ? lines[index] : ""
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return fromRight ? blanks + text : text + blanks
      }
      let text =
        cell(labels, labelWidth, fromRight: false) + "  "
        + cell(wrong, columns.0, fromRight: true) + "  " + cell(right, columns.1, fromRight: true)
      write(String(text.reversed().drop { $0 == " " }.reversed()))
    }
  }
}
