import ControlAPI
import Glibc
import Wire

/// The screen while it is open: waits for keys, messages and the clock; draws what changed.
struct Session {
  /// Five frames a second in a storm of messages; a key is answered at once.
  private static let frameNanoseconds: Int64 = 200_000_000

  private var model: Model
  private var look: Look
  private let terminal: Terminal
  private let folder: DefinitionFolder
  /// Nil: as large as the terminal.
  private let fixed: Size?
  private let mailbox: Mailbox
  let questions: Questions
  let feed: LiveFeed

  private var parser = InputParser()
  private var shown: Grid?
  private var shownAt = Timestamp(nanoseconds: 0)
  private var wants: [Want] = []
  private var stamp: [String]
  private var mustEnd = false
  /// 128 and the number of the signal that ended it, as a shell has it.
  private var status: Int32 = 0
  private var hasKey = true

  init(model: Model, look: Look, terminal: Terminal, folder: DefinitionFolder, client: Client, fixed: Size?) {
    self.model = model
    self.look = look
    self.terminal = terminal
    self.folder = folder
    self.fixed = fixed
    mailbox = Mailbox()
    questions = Questions(client: client, mailbox: mailbox)
    feed = LiveFeed(client: client, mailbox: mailbox)
    stamp = folder.stamp
    wants = model.wants
    feed.want(wants)
  }

  mutating func run() -> Int32 {
    terminal.hold()
    TerminalGuard.watch(pipe: mailbox.writeEnd)
    defer {
      terminal.release()
      TerminalGuard.unwatch()
    }
    while !mustEnd {
      draw()
      wait()
    }
    return status
  }

  private mutating func draw() {
    let now = Environment.now
    let isEarly = now.nanoseconds(since: shownAt) < Session.frameNanoseconds && now >= shownAt
    guard hasKey || shown == nil || !isEarly else { return }
    let grid = View.draw(model, look)
    let bytes = FrameWriter.bytes(from: shown, to: grid, isUTF8: look.capabilities.isUTF8)
    if !bytes.isEmpty { terminal.write(bytes) }
    shown = grid
    shownAt = now
    hasKey = false
    model.drew()
  }

  /// Until a key, a message or the next second; shortly where an escape may go on or a frame was put off.
  private mutating func wait() {
    var files = [
      pollfd(fd: terminal.input, events: Int16(POLLIN), revents: 0),
      pollfd(fd: mailbox.readEnd, events: Int16(POLLIN), revents: 0),
    ]
    let untilSecond = Int32(1000 - Environment.now.subsecond / 1_000_000)
    _ = unsafe poll(&files, nfds_t(files.count), parser.wait(at: .now) ?? untilSecond)
    if files[1].revents != 0 { hear() }
    if files[0].revents & Int16(POLLIN) != 0 {
      let bytes = terminal.read()
      if bytes.isEmpty { mustEnd = true }
      parser.receive(bytes, at: .now).forEach { press($0) }
    } else if files[0].revents != 0 {
      mustEnd = true
    }
    parser.settle(at: .now).forEach { press($0) }
    tick()
  }

  private mutating func press(_ key: Key) {
    hasKey = true
    // How long the officer has seen the row under the key is told from the clock.
    tick()
    update(.key(key))
  }

  private mutating func hear() {
    for number in mailbox.signals() { signalled(number) }
    let messages = mailbox.take()
    if !messages.isEmpty { update(messages) }
    // A storm is drawn at the frame rate: the rest of this one is slept through.
    let since = Environment.now.nanoseconds(since: shownAt)
    guard !hasKey, !parser.isWaiting, since >= 0, since < Session.frameNanoseconds else { return }
    nap(Session.frameNanoseconds - since)
  }

  private func nap(_ nanoseconds: Int64) {
    var input = pollfd(fd: terminal.input, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&input, 1, Int32(nanoseconds / 1_000_000) + 1)
  }

  private mutating func signalled(_ number: Int32) {
    switch number {
    case SIGWINCH:
      if fixed == nil { update(.resized(terminal.size)) }
      shown = nil
    case SIGTSTP: perform(.suspend)
    case SIGCONT:
      if !TerminalGuard.isHeld { terminal.enter() }
      if fixed == nil { update(.resized(terminal.size)) }
      shown = nil
    default: (mustEnd, status) = (true, 128 + number)
    }
  }

  /// Once a second: the clock, and the definitions on disk.
  private mutating func tick() {
    let now = Environment.now
    guard now.seconds != model.now.seconds else {
      model.now = now
      return
    }
    look.offset = Environment.offset
    update(.clock(now))
    let current = folder.stamp
    guard current != stamp else { return }
    stamp = current
    update(.definitions(folder.read()))
  }

  private mutating func update(_ messages: Message...) { update(messages) }

  /// What they want of the hub is told once, after the last.
  private mutating func update(_ messages: [Message]) {
    for message in messages {
      for effect in model.update(message) { perform(effect) }
    }
    let now = model.wants
    guard now != wants else { return }
    wants = now
    feed.want(now)
  }

  private mutating func perform(_ effect: Effect) {
    switch effect {
    case .quit: mustEnd = true
    case .redraw: shown = nil
    case .suspend:
      terminal.suspend()
      update(.resized(fixed ?? terminal.size))
      shown = nil
    case .refresh: feed.hurry()
    case .act(let request): questions.act(request)
    case .ask(let deed): questions.ask(deed)
    case .copy(let text): terminal.write(Clipboard.sequence(text))
    }
  }
}
