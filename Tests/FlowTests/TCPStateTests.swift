import Decode
import Testing
import Wire

@testable import Flow

@Suite("TCP states")
struct TCPStateTests {
  struct Step: Sendable {
    let direction: Direction
    let flags: UInt8
    let text: String
    let state: String
    init(_ direction: Direction, _ flags: UInt8, _ state: String, _ text: String = "") {
      (self.direction, self.flags, self.state, self.text) = (direction, flags, state, text)
    }
  }
  static let opening = [
    Step(.toServer, Flag.syn, "syn_sent"), Step(.toClient, Flag.synAck, "syn_recv"),
    Step(.toServer, Flag.ack, "established"),
  ]
  static let tables: [(String, [Step], String)] = [
    ("open", opening, "established"),
    (
      "client closes first",
      opening + [
        Step(.toServer, Flag.finAck, "close_wait"), Step(.toClient, Flag.ack, "close_wait"),
        Step(.toClient, Flag.finAck, "last_ack"), Step(.toServer, Flag.ack, "closed"),
      ], "closed"
    ),
    (
      "server closes first",
      opening + [
        Step(.toClient, Flag.finAck, "fin_wait1"), Step(.toServer, Flag.ack, "fin_wait2"),
        Step(.toServer, Flag.finAck, "time_wait"), Step(.toClient, Flag.ack, "closed"),
      ], "closed"
    ),
    (
      "answer and FIN in one",
      opening + [
        Step(.toClient, Flag.finAck, "fin_wait1", "bye"), Step(.toServer, Flag.finAck, "time_wait"),
        Step(.toClient, Flag.ack, "closed"),
      ], "closed"
    ),
    ("refused", [Step(.toServer, Flag.syn, "syn_sent"), Step(.toClient, Flag.rstAck, "closed")], "closed"),
    ("reset by the client", opening + [Step(.toServer, Flag.rst, "closed")], "closed"),
    ("reset by the server", opening + [Step(.toClient, Flag.rstAck, "closed")], "closed"),
    (
      "data opens too", Array(opening.dropLast()) + [Step(.toServer, Flag.ack | Flag.psh, "established", "GET")],
      "established"
    ),
    (
      "both open at once",
      [
        Step(.toServer, Flag.syn, "syn_sent"), Step(.toClient, Flag.syn, "syn_recv"),
      ], "new"
    ),
  ]

  @Test("each segment leads to the state of RFC 9293 as EVE names it", arguments: tables.indices)
  func states(_ index: Int) throws {
    let (name, steps, flowState) = TCPStateTests.tables[index]
    let connection = Connection()
    for step in steps {
      connection.send(step.direction, step.flags, step.text)
      #expect(connection.state == step.state, "\(name)")
    }
    let ref = try #require(connection.ref)
    #expect(connection.table[ref.slot].state.name == flowState, "\(name)")
    connection.table.checkInvariants()
  }

  @Test("FINs at once go through closing")
  func closing() {
    let connection = Connection()
    connection.handshake()
    let server = connection.serverSequence
    connection.send(.toClient, Flag.finAck)
    connection.send(.toServer, Flag.finAck, acknowledgement: server)
    #expect(connection.state == "closing")
    connection.send(.toServer, Flag.ack)
    #expect(connection.state == "time_wait")
    connection.send(.toClient, Flag.ack)
    #expect(connection.state == "closed")
  }

  @Test("without midstream pickup a flow without SYN has no stream and stays new")
  func noSession() throws {
    let connection = Connection()
    connection.send(.toServer, Flag.ack | Flag.psh, "GET")
    connection.send(.toClient, Flag.ack | Flag.psh, "200")
    #expect(connection.state == "none")
    #expect(connection.told == Told())
    let ref = try #require(connection.ref)
    #expect(connection.table[ref.slot].state == .new)
    connection.send(.toClient, Flag.finAck)
    #expect(connection.events == ["stream.fin_but_no_session"])
    connection.send(.toClient, Flag.rst)
    #expect(connection.events == ["stream.rst_but_no_session"])
  }

  @Test("midstream pickup reads both directions from the first segment on")
  func midstream() throws {
    let connection = Connection { $0.stream.midstream = true }
    connection.send(.toServer, Flag.ack | Flag.psh, "GET")
    connection.send(.toClient, Flag.ack | Flag.psh, "200")
    connection.send(.toServer, Flag.ack | Flag.psh, "POST")
    #expect(connection.told.text(.toServer) == "GETPOST")
    #expect(connection.told.text(.toClient) == "200")
    let ref = try #require(connection.ref)
    #expect(connection.table[ref.slot].flags.contains(.midstream))
    #expect(connection.table.streamCounters.midstreamPickups == 1)
  }

  @Test("a SYN-ACK first turns the flow round when midstream pickup is on")
  func synAckFirst() throws {
    let connection = Connection { $0.stream.midstream = true }
    connection.clientSequence &+= 1
    connection.send(.toClient, Flag.synAck)
    let ref = try #require(connection.ref)
    #expect(ref.direction == .toClient)
    #expect(connection.table[ref.slot].tuple.destinationPort == 80)
    connection.send(.toServer, Flag.ack)
    connection.send(.toServer, Flag.ack, "GET")
    #expect(connection.told.text(.toServer) == "GET")
  }

  @Test("one-sided traffic is read when async-oneside is on, and not otherwise", arguments: [true, false])
  func oneSided(_ isOn: Bool) throws {
    let connection = Connection { $0.stream.asyncOneside = isOn }
    connection.send(.toServer, Flag.syn)
    connection.serverSequence &+= 1
    connection.send(.toServer, Flag.ack)
    connection.send(.toServer, Flag.ack | Flag.psh, "hello")
    #expect(connection.told.text(.toServer) == (isOn ? "hello" : ""))
    #expect(connection.state == (isOn ? "established" : "syn_sent"))
    let ref = try #require(connection.ref)
    #expect(connection.table[ref.slot].flags.contains(.asynchronous) == isOn)
  }

  @Test("the server's side alone is read from its SYN-ACK to its FIN")
  func serverSideOnly() throws {
    let connection = Connection { ($0.stream.midstream, $0.stream.asyncOneside) = (true, true) }
    connection.clientSequence &+= 1
    connection.send(.toClient, Flag.synAck)
    connection.clientSequence &+= 100
    connection.send(.toClient, Flag.ack)
    connection.send(.toClient, Flag.ack | Flag.psh, "200 OK")
    connection.send(.toClient, Flag.finAck)
    #expect(connection.told.story == ["c:200 OK", "c:end"])
    #expect(connection.state == "fin_wait1")
    #expect(connection.events.isEmpty)
    let ref = try #require(connection.ref)
    #expect(connection.table[ref.slot].packetsToServer == 0)
    #expect(connection.table[ref.slot].tcpFlagsToClient == 0x1b)
  }

  @Test("fast open data is read once the server has taken it, and the server's disregard is an event")
  func fastOpen() {
    let taken = Connection()
    taken.send(.toServer, Flag.syn, "GET") { $0.tcpOptions.hasFastOpen = true }
    #expect(taken.told == Told())
    taken.send(.toClient, Flag.synAck)
    #expect(taken.told.text(.toServer) == "GET")
    taken.send(.toServer, Flag.ack, " /")
    #expect(taken.told.text(.toServer) == "GET /")

    let ignored = Connection()
    ignored.send(.toServer, Flag.syn, "GET") { $0.tcpOptions.hasFastOpen = true }
    ignored.send(.toClient, Flag.synAck, acknowledgement: 1_001) { $0.tcpOptions.hasFastOpen = true }
    #expect(ignored.events == ["stream.3whs_synack_tfo_data_ignored"])
    ignored.send(.toServer, Flag.ack, "GET", sequence: 1_001)
    #expect(ignored.told.text(.toServer) == "GET")
  }

  struct Odd: Sendable {
    let name: String
    let event: String
    let play: @Sendable (Connection) -> Void
  }
  static let odd: [Odd] = [
    Odd(name: "SYN-ACK acknowledges what was not sent", event: "stream.3whs_synack_with_wrong_ack") {
      $0.send(.toServer, Flag.syn)
      $0.send(.toClient, Flag.synAck, acknowledgement: 77)
    },
    Odd(name: "SYN-ACK by the client", event: "stream.3whs_synack_in_wrong_direction") {
      $0.send(.toServer, Flag.syn)
      $0.send(.toServer, Flag.synAck, sequence: 1_000)
    },
    Odd(name: "another SYN-ACK", event: "stream.3whs_synack_resend_with_diff_seq") {
      $0.send(.toServer, Flag.syn)
      $0.send(.toClient, Flag.synAck)
      $0.send(.toClient, Flag.synAck, sequence: 5)
    },
    Odd(name: "right sequence, wrong ack", event: "stream.3whs_right_seq_wrong_ack_evasion") {
      $0.send(.toServer, Flag.syn)
      $0.send(.toClient, Flag.synAck)
      $0.send(.toServer, Flag.ack, acknowledgement: 5)
    },
    Odd(name: "both wrong", event: "stream.3whs_wrong_seq_wrong_ack") {
      $0.send(.toServer, Flag.syn)
      $0.send(.toClient, Flag.synAck)
      $0.send(.toServer, Flag.ack, sequence: 900_000_000, acknowledgement: 5)
    },
    Odd(name: "SYN within", event: "stream.est_syn_resend_diff_seq") {
      $0.handshake()
      $0.send(.toServer, Flag.syn, sequence: 4)
    },
    Odd(name: "ack of the future", event: "stream.pkt_invalid_ack") {
      $0.handshake()
      $0.send(.toServer, Flag.ack, acknowledgement: 900_000_000)
    },
    Odd(name: "out of window", event: "stream.est_packet_out_of_window") {
      $0.handshake()
      $0.send(.toServer, Flag.ack, "far", sequence: 5_000_000)
    },
    Odd(name: "RST out of window", event: "stream.rst_invalid_ack") {
      $0.handshake()
      $0.send(.toServer, Flag.rst, sequence: 900_000_000)
    },
    Odd(name: "old timestamp", event: "stream.pkt_invalid_timestamp") {
      $0.handshake()
      $0.send(.toServer, Flag.ack, "a") { ($0.tcpOptions.hasTimestamps, $0.tcpOptions.timestampValue) = (true, 500) }
      $0.send(.toServer, Flag.ack, "b") { ($0.tcpOptions.hasTimestamps, $0.tcpOptions.timestampValue) = (true, 400) }
    },
    Odd(name: "data after RST", event: "stream.suspected_rst_inject") {
      $0.handshake()
      $0.send(.toServer, Flag.rst)
      $0.send(.toClient, Flag.ack, "still here")
    },
    Odd(name: "ack without its flag", event: "stream.pkt_broken_ack") {
      $0.handshake()
      $0.send(.toServer, Flag.psh, acknowledgement: 7)
    },
    Odd(name: "SYN and FIN", event: "stream.fin_syn") { $0.send(.toServer, Flag.syn | Flag.fin) },
  ]

  @Test("what is odd is an event under Suricata's name", arguments: odd.indices)
  func oddities(_ index: Int) {
    let connection = Connection()
    TCPStateTests.odd[index].play(connection)
    #expect(connection.events.contains(TCPStateTests.odd[index].event), "\(TCPStateTests.odd[index].name)")
  }

  @Test("every event has its own name, and is found by it")
  func eventNames() {
    #expect(StreamEvent.keywords.count == StreamEvent.allCases.count)
    #expect(Set(StreamEvent.keywords).count == StreamEvent.keywords.count)
    for event in StreamEvent.allCases { #expect(StreamEvent(name: event.name) == event) }
    #expect(StreamEvent.reassemblySequenceGap.name == "stream.reassembly_seq_gap")
    #expect(StreamEvent.packetInvalidTimestamp.name == "stream.pkt_invalid_timestamp")
    #expect(StreamEvent.timeWaitInvalidAck.name == "stream.timewait_invalid_ack")
    #expect(StreamEvent(name: "no_such") == nil)
  }

  @Test("a keep-alive and a zero-window probe change nothing")
  func keepAlive() {
    let connection = Connection()
    connection.handshake()
    connection.send(.toServer, Flag.ack, "abc")
    connection.send(.toClient, Flag.ack, window: 0)
    connection.send(.toServer, Flag.ack, "c", sequence: connection.clientSequence &- 1)
    #expect(connection.last.isAccepted)
    #expect(!connection.last.isRetransmission)
    connection.send(.toServer, Flag.ack, "d")
    #expect(connection.told.text(.toServer) == "abcd")
  }

  @Test("a segment with a wrong checksum is ignored when validation is on", arguments: [true, false])
  func checksum(_ isOn: Bool) {
    let connection = Connection { $0.stream.validatesChecksums = isOn }
    connection.handshake()
    connection.send(.toServer, Flag.ack, "abc") { $0.transportChecksum = .invalid }
    #expect(connection.told.text(.toServer) == (isOn ? "" : "abc"))
    #expect(connection.table.streamCounters.invalidChecksum == (isOn ? 1 : 0))
  }

  @Test("a new SYN on a closed connection is a new flow, the old one ends as reused")
  func reuse() throws {
    let connection = Connection()
    connection.handshake()
    let first = try #require(connection.ref)
    let id = connection.table[first.slot].id
    connection.send(.toServer, Flag.rst)
    connection.clientSequence = 77_000
    connection.handshake()
    #expect(connection.ends.map(\.reason) == ["tcp_reuse"])
    #expect(connection.ends.map(\.state) == ["closed"])
    let second = try #require(connection.ref)
    #expect(connection.table[second.slot].id != id)
    #expect(connection.state == "established")
  }
}
