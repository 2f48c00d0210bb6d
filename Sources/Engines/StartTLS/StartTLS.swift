internal import Records

/// The plain preambles after which a protocol's port speaks TLS, one small state machine each. They end where a client
/// hello is what comes next, or say why it never will.
enum StartTLS: String, CaseIterable, Sendable {
  case smtp, imap, pop3, ftp, ldap, postgresql, mysql, rdp

  /// Why the job's own choice cannot be followed; nil where it can or where there is none.
  static func refusal(of options: ScanOptions) -> String? {
    guard let name = options.startTLS, StartTLS(rawValue: name) == nil else { return nil }
    let known = allCases.map(\.rawValue).joined(separator: ", ")
    return "no STARTTLS protocol has the name given; there are \(known)"
  }

  /// A connection on which a hello is what comes next: the certificate engine's way in, too.
  static func open(
    _ endpoint: Endpoint, _ protocol: StartTLS?, _ context: ScanContext
  ) throws(ConnectionFailure) -> Connection {
    let connection = try Connection(to: endpoint, context)
    if let `protocol` { try `protocol`.run(on: connection) }
    return connection
  }

  func run(on connection: Connection) throws(ConnectionFailure) {
    var dialogue = StartTLSDialogue(self)
    if !dialogue.opening.isEmpty { try connection.send(dialogue.opening) }
    while true {
      let bytes = try connection.receive(atMost: 4096)
      guard !bytes.isEmpty else { throw .closed }
      switch dialogue.receive(bytes) {
      case .wait: continue
      case .send(let answer): try connection.send(answer)
      case .begin(let last):
        if !last.isEmpty { try connection.send(last) }
        return
      case .refused(let why): throw .startTLS("STARTTLS (\(rawValue)): \(why)")
      }
    }
  }
}

/// What a server says before TLS, read as it comes; no sockets and no clocks.
package struct StartTLSDialogue {
  package enum Action: Hashable {
    case wait
    case send([UInt8])
    /// TLS comes next, after these bytes of ours.
    case begin([UInt8])
    case refused(String)
  }

  /// The most that is read before TLS: greetings and lists of capabilities are far shorter.
  package static let limit = 16 << 10

  let kind: StartTLS
  var buffer: [UInt8] = []
  private var total = 0
  /// How many answers have been taken.
  var step = 0
  /// Inside a reply of many lines.
  var isInside = false
  /// SMTP: the list of extensions has it.
  var offers = false

  init(_ kind: StartTLS) { self.kind = kind }

  /// By name, for those who may not see the protocols; nil for a name that is none.
  package init?(name: String) {
    guard let kind = StartTLS(rawValue: name) else { return nil }
    self.init(kind)
  }
  package static var names: [String] { StartTLS.allCases.map(\.rawValue) }

  /// What is sent before the server says anything.
  package var opening: [UInt8] {
    switch kind {
    case .ldap: StartTLSDialogue.ldapRequest
    case .postgresql: StartTLSDialogue.postgreSQLRequest
    case .rdp: StartTLSDialogue.rdpRequest
    default: []
    }
  }

  package mutating func receive(_ bytes: [UInt8]) -> Action {
    total += bytes.count
    buffer += bytes
    guard total <= StartTLSDialogue.limit else {
      return .refused("more than \(StartTLSDialogue.limit >> 10) KiB came before TLS")
    }
    if buffer.first == 0x16, buffer.count > 1, buffer[1] == 3, kind != .mysql {
      return .refused("the server speaks TLS at once")
    }
    let action =
      switch kind {
      case .smtp, .ftp: receiveReply()
      case .imap, .pop3: receiveLine()
      case .ldap: receiveLDAP()
      case .postgresql: receivePostgreSQL()
      case .mysql: receiveMySQL()
      case .rdp: receiveRDP()
      }
    // Bytes after the answer would be read as if they were protected: nothing may stand there.
    if case .begin = action, !buffer.isEmpty { return .refused("the server talks on after its answer") }
    return action
  }
}
