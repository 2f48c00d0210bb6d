import ControlAPI
import Dispatch
import Glibc
import Records
import Wire

/// Joins the parts, by what was asked for and where the output goes: a screen, one frame, or lines.
enum Program {
  static func run(_ options: Dashboard.Options) async throws(Dashboard.Failure) -> Int32 {
    let isTerminal = isatty(1) == 1
    let look = try look(options, isTerminal: isTerminal)
    let folder = DefinitionFolder(path: options.folder)
    let read = folder.read()
    if let problem = read.problem { throw Dashboard.Failure(problem) }
    let screen = try screen(options, read.definitions)
    let client = Client(options.hub, timeoutMilliseconds: 10_000)
    let size = options.size.map { Size(columns: $0.columns, rows: $0.rows) }
    if options.once {
      let shown = size ?? (isTerminal ? Terminal()?.size : nil) ?? Size(columns: 120, rows: 40)
      var model = Model(
        me: Environment.user, size: shown, now: Environment.now, definitions: read.definitions, screen: screen)
      model.isReadOnly = options.readOnly
      return try await OneFrame(client: client, look: look, isPlain: options.plain).run(model)
    }
    guard !options.plain, !options.json, !look.capabilities.isDumb, let terminal = Terminal() else {
      return await PlainLines(client: client, look: look, isJSON: options.json).run()
    }
    var model = Model(
      me: Environment.user, size: size ?? terminal.size, now: Environment.now, definitions: read.definitions,
      screen: screen)
    model.isReadOnly = options.readOnly
    // What is in view depends on the widths of its words.
    model.language = look.language
    return await hold(
      Session(model: model, look: look, terminal: terminal, folder: folder, client: client, fixed: size))
  }

  /// By its digit or its id.
  private static func screen(
    _ options: Dashboard.Options, _ definitions: [Definition]
  ) throws(Dashboard.Failure) -> String? {
    guard let wanted = options.screen else { return nil }
    let found = definitions.first { $0.id == wanted || $0.number.map(String.init) == wanted }
    if let found { return found.id }
    throw Dashboard.Failure(
      "no screen is called \"\(wanted)\"; the screens are \(definitions.map(\.id).joined(separator: ", "))")
  }

  /// The loop has a thread of its own, since it waits for keys; the questions run beside it.
  private static func hold(_ session: Session) async -> Int32 {
    let feed = Task { await session.feed.run() }
    let questions = session.questions
    let status = await withCheckedContinuation { continuation in
      DispatchQueue(label: "vigil.dashboard").async {
        var session = session
        continuation.resume(returning: session.run())
      }
    }
    feed.cancel()
    for title in await questions.finish(within: .seconds(2)) {
      let words = "vigil: the hub has not said that this was done: \(title.en)\n"
      Terminal.write(Array(Ink.harmless(words.trimmed).utf8) + [0x0a], to: 2)
    }
    return status
  }

  private static func look(_ options: Dashboard.Options, isTerminal: Bool) throws(Dashboard.Failure) -> Look {
    guard let theme = Theme.Name(rawValue: options.theme) else {
      throw Dashboard.Failure(
        "no theme is called \"\(options.theme)\"; the themes are \(Dashboard.themeNames.joined(separator: ", "))")
    }
    var language = Environment.isChinese ? Language.zh : .en
    if let named = options.language {
      guard let known = Language(rawValue: named) else {
        throw Dashboard.Failure("no language is called \"\(named)\"; the languages are en, zh")
      }
      language = known
    }
    var capabilities = Capabilities.decide(
      color: options.plain ? .never : options.color, isTerminal: isTerminal, language: language,
      environment: Environment.value)
    // Into a file or a pipe: what is there is taken as it is.
    if !isTerminal, !capabilities.isUTF8, Environment.hasNoLocale {
      (capabilities.isUTF8, capabilities.glyphs) = (true, .blocks)
    }
    return Look(
      theme: Theme(name: theme, depth: capabilities.colors), capabilities: capabilities, language: language,
      offset: Environment.offset)
  }
}

/// What the process is told by its surroundings.
enum Environment {
  static func value(_ name: String) -> String? {
    guard let text = unsafe getenv(name) else { return nil }
    return unsafe String(cString: text)
  }

  static var user: String { value("USER") ?? value("LOGNAME") ?? "uid \(getuid())" }

  private static var locale: String {
    ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap(value).first { !$0.isEmpty } ?? ""
  }
  static var isChinese: Bool { locale.hasPrefix("zh") }
  static var hasNoLocale: Bool { locale.isEmpty || locale == "C" || locale == "POSIX" }

  static var now: Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
  }

  /// Seconds east of UTC now.
  static var offset: Int {
    var local = unsafe tm()
    var seconds = time_t(now.seconds)
    guard unsafe localtime_r(&seconds, &local) != nil else { return 0 }
    return unsafe local.tm_gmtoff
  }
}
