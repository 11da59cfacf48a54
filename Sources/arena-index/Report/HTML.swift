import Foundation

/// Pieces of a page.
enum HTML {
  /// Text as it stands in a page. Controls are escaped as on a terminal: a page is looked at there,
  /// too, and some of them turn the order of the letters around in both.
  static func escape(_ text: String) -> String {
    TerminalText.escape(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(
      ">", with: "&gt;"
    )
    .replacing("\"", with: "&quot;")
  }

  /// A table. Cells are escaped; numbers stand on the right. Where there is no room for all
  /// columns, each row becomes a list, with the head of the column before each cell.
  static func table(_ head: [String], _ rows: [[String]], numbers: Set<Int> = []) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      let cells = cells.enumerated().map { index, cell in
        let style = numbers.contains(index) ? " class=\"number\"" : ""
        let label = tag == "td" && index > 0 ? " data-label=\"\(escape(head[index]))\"" : ""
        return "<\(tag)\(style)\(label)>\(escape(cell))</\(tag)>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    return
      "<table\(head.count > 2 ? " class=\"wide\"" : "")><thead>\(row(head, "th"))</thead><tbody>"
      + rows.map { row($0, "td") }.joined(separator: "\n") + "</tbody></table>"
  }

  /// Bars beside one another, the longest as wide as the page.
  static func bars(_ bars: [(label: String, value: Int, text: String)]) -> String {
    let most = max(1, bars.map(\.value).max() ?? 1)
    let rows = bars.map { bar in
      let width = String(format: "%.1f", 100 * Double(bar.value) / Double(most))
      return """
        <div class="bar"><span>\(escape(bar.label))</span><div><i style="width:\(width)%"></i></div>\
        <span class="number">\(escape(bar.text))</span></div>
        """
    }
    return "<div class=\"bars\">\(rows.joined(separator: "\n"))</div>"
  }

  /// A whole page that needs nothing from elsewhere, light or dark as the reader has it.
  static func page(title: String, _ sections: [(heading: String, content: String)]) -> String {
    let body = sections.map { "<section><h2>\(escape($0.heading))</h2>\n\($0.content)</section>" }
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>\(escape(title))</title>
      <style>
      :root { color-scheme: light dark; --ink: #1c1c1e; --paper: #fff; --faint: #6b6b70; --line: #d9d9de; --bar: #3867b8 }
      @media (prefers-color-scheme: dark) { :root { --ink: #e8e8ea; --paper: #18181b; --faint: #9a9aa2; --line: #3a3a40; --bar: #7aa5ee } }
      body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
      h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem } p { color: var(--faint) }
      table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line) }
      .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
      .bar { display: grid; grid-template-columns: minmax(0, 14rem) minmax(0, 1fr) 15rem; gap: .75rem; align-items: center }
      .bar > span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
      .bar i { display: block; height: .8rem; background: var(--bar); border-radius: 2px; min-width: 1px }
      .bar > .number { white-space: normal }
      @media (max-width: 48rem) {
      .bar { grid-template-columns: minmax(6rem, 1fr) auto; gap: 0 .75rem; margin-bottom: .5rem }
      .bar > div { grid-row: 2; grid-column: 1 / -1 }
      .wide thead { display: none } .wide tr { display: block; border-bottom: 1px solid var(--line); padding: .4rem 0 }
      .wide td { display: flex; justify-content: space-between; gap: 1rem; border: 0; padding: 0 }
      .wide td:first-child { font-weight: bold } .wide td[data-label]::before { content: attr(data-label); color: var(--faint) }
      }
      .plot { overflow-x: auto } svg { width: 100%; height: auto; min-width: 30rem; max-width: 45rem } svg text { fill: var(--ink) }
      svg g[color="black"], svg g[color="gray"] { color: var(--faint) } svg path[stroke="black"] { stroke: var(--ink) }
      </style>
      </head>
      <body>
      <h1>\(escape(title))</h1>
      \(body.joined(separator: "\n"))
      </body>
      </html>

      """
  }
}
