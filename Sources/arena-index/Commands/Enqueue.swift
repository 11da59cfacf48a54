import ArgumentParser
import IndexerPipeline

struct Enqueue: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put work into the store's queue, for 'run' to do.",
    discussion: """
      When the command returns, the task is on the device: it will be done exactly once, whatever happens to this \
      program or the machine. Input is copied into the store.

        arena-index enqueue add books books.json
        arena-index enqueue delete books 17 42
        arena-index enqueue swap books books-new
        arena-index run --until-empty
      """,
    subcommands: [
      EnqueueAdd.self, EnqueueDelete.self, EnqueueDrop.self, EnqueueSwap.self, EnqueueCompact.self,
    ])
}

/// A command that enqueues one task.
protocol EnqueueCommand: StoreCommand {
  var options: StoreOptions { get }
  /// Whether a store is made if there is none: without indexes, nothing but adding makes sense.
  var createsStore: Bool { get }
  func operation() throws -> IndexOperation
}

extension EnqueueCommand {
  var createsStore: Bool { false }

  func execute() throws {
    let task = try options.open(createsIfMissing: createsStore).enqueue(try operation())
    try options.print(json: task.json, text: "Task \(task.number) waits: \(task.summary)")
  }
}

struct EnqueueAdd: EnqueueCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Enqueue documents to be added.")

  @Argument(help: "The index.", completion: .indexes)
  var index: String

  @Argument(help: "Files, or '-' for standard input.", completion: .file())
  var files: [String] = ["-"]

  @OptionGroup var input: InputOptions

  @OptionGroup var options: StoreOptions

  var createsStore: Bool { true }

  func operation() -> IndexOperation {
    let inputs = files.map(InputSource.init(argument:))
    Terminal.announce(inputs)
    return .add(
      inputs, to: index,
      options: IndexOperation.DocumentOptions(
        format: input.format, separator: input.separator?.byte, primaryKey: input.primaryKey,
        generatesIDs: input.generateIDs, skipsBadDocuments: input.skipBad))
  }
}

struct EnqueueDelete: EnqueueCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Enqueue documents to be deleted by their ids.")

  @Argument(help: "The index.", completion: .indexes)
  var index: String

  @OptionGroup var ids: IDOptions

  @OptionGroup var options: StoreOptions

  func operation() throws -> IndexOperation { .delete(try ids.all(), from: index) }
}

struct EnqueueDrop: EnqueueCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop", abstract: "Enqueue an index to be removed.")

  @Argument(help: "The index.", completion: .indexes)
  var index: String

  @OptionGroup var options: StoreOptions

  func operation() -> IndexOperation { .drop(index) }
}

struct EnqueueSwap: EnqueueCommand {
  static let configuration = CommandConfiguration(
    commandName: "swap", abstract: "Enqueue the exchange of two indexes' names.")

  @Argument(help: "An index.", completion: .indexes)
  var first: String

  @Argument(help: "Another index.", completion: .indexes)
  var second: String

  @OptionGroup var options: StoreOptions

  func operation() -> IndexOperation { .swap(first, second) }
}

struct EnqueueCompact: EnqueueCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact", abstract: "Enqueue an index to be written anew.")

  @Argument(help: "The index.", completion: .indexes)
  var index: String

  @OptionGroup var options: StoreOptions

  func operation() -> IndexOperation { .compact(index) }
}
