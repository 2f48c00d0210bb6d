import ArgumentParser
import ControlAPI
import Records

struct TasksCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks", abstract: "What people of the watch must do for notices and intake.",
    subcommands: [List.self, Done.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What is open, the oldest first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    func run() async throws {
      let page = try await hub.client().call(API.tasks)
      if look.json { return try look.objects(page.items) }
      let words = tongue.words(hub)
      var table = Table([
        .init("ID", isRight: true), .init(words("KIND", "类别")), .init(words("ON", "对象")), .init(words("DUE", "时限")),
        .init(words("WHAT", "事项"), yields: true),
      ])
      for task in page.items {
        table.add([
          "\(task.id)", task.kind.rawValue, task.subject, task.due.map { Moment.countdown($0) } ?? "-",
          words(task.text),
        ])
      }
      table.print(look.style)
    }
  }

  struct Done: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Says that a task is done.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Argument(help: "Its number.") var id: Int64
    func run() async throws {
      let task = try await hub.client().call(API.endTask, id: String(id))
      if look.json { return try look.objects([task]) }
      Console.out.line("task \(task.id) is done")
    }
  }
}
