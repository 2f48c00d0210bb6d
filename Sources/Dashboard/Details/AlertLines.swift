import ControlAPI
import Documents
import Records
import Wire

/// One alert: what matched, the transaction and the flow that it tells of, the packet where its bytes are kept, and the
/// record as it came. What is not kept is said so.
struct AlertLines {
  let alert: AlertRecord
  let forms: DetailForms

  var whole: [DetailLine] {
    let signature = alert.signature
    let head = forms.line([
      Run(signature.severity.letter, signature.severity.role), Run(" \(signature.message)", .title),
    ])
    let facts = [
      forms.fact("time", "时间", forms.moment(alert.timestamp)),
      forms.fact("rule", "规则", "\(signature.id) rev \(signature.rev)"),
    ]
    return [head] + facts + forms.known("class", "类别", signature.category.isEmpty ? nil : signature.category)
      + forms.known("sensor", "探针", alert.context.sensor) + [forms.fact("action", "动作", alert.action)]
      + ends + transaction + flow + packet(rows: 64) + record
  }

  private var ends: [DetailLine] {
    [
      forms.fact("from", "来源", Feed.end(alert.source, alert.sourcePort)),
      forms.fact("to", "目标", Feed.end(alert.destination, alert.destinationPort)),
    ] + forms.known("client", "客户端", alert.client.map { "\($0)" })
      + forms.known("aims at", "攻击对象", alert.context.attackTarget)
  }

  // MARK: transaction

  var transaction: [DetailLine] {
    let context = alert.context
    var lines = forms.known(
      "protocol", "协议", [alert.transport, alert.appProtocol].compactMap(\.self).joined(separator: ", "))
    lines += forms.known("request", "请求", request)
    lines += forms.known("answer", "应答", answer)
    lines += forms.known("matched", "命中", direction)
    lines += forms.known("user agent", "用户代理", context.userAgent)
    lines += forms.known("server name", "服务器名", context.serverName)
    lines += forms.known("ja4", "JA4", context.ja4)
    lines += forms.known("query", "查询", context.queryName)
    lines += forms.known("forwarded", "转发", [context.forwardedFor, context.forwarded].compactMap(\.self).first)
    lines += forms.known("files", "文件", context.files.flatMap { $0.isEmpty ? nil : $0.joined(separator: ", ") })
    return forms.section("transaction", "事务", lines)
  }

  private var request: String? {
    let place = alert.context.hostname.map { $0 + (alert.context.url ?? "") } ?? alert.context.url
    let words = [alert.context.method, place].compactMap(\.self)
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  private var answer: String? {
    let length = alert.context.responseLength.map {
      forms.words("\(Figures.grouped($0)) bytes", "\(Figures.grouped($0)) 字节")
    }
    let words = [alert.context.status.map { "\($0)" }, length].compactMap(\.self)
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }

  private var direction: String? {
    alert.context.isToClient.map { $0 ? forms.words("in the answer", "应答方向") : forms.words("in the request", "请求方向") }
  }

  // MARK: flow

  var flow: [DetailLine] {
    guard let flow = alert.context.flow else {
      return forms.section(
        "flow", "流", [], none: BilingualText(en: "the record tells nothing of its flow", zh: "记录未包含流信息"))
    }
    func way(_ packets: Int64, _ bytes: Int64) -> String {
      forms.words(
        "\(Figures.grouped(packets)) packets, \(Figures.grouped(bytes)) bytes",
        "\(Figures.grouped(packets)) 个报文，\(Figures.grouped(bytes)) 字节")
    }
    var lines = [
      forms.fact("to server", "至服务器", way(flow.packetsToServer, flow.bytesToServer)),
      forms.fact("to client", "至客户端", way(flow.packetsToClient, flow.bytesToClient)),
    ]
    lines += forms.known("opened by", "发起方", flow.initiator.map { "\($0)" })
    if flow.isReset { lines.append(forms.fact("end", "结束", forms.words("reset by the other side", "被对端重置"))) }
    if alert.flowID != 0 { lines.append(forms.fact("number", "流号", "\(alert.flowID)", .dim)) }
    return forms.section("flow, until it matched", "流（至命中时）", lines)
  }

  // MARK: packet, record

  func packet(rows: Int) -> [DetailLine] {
    KeptPacket(record: alert.raw).lines(forms, rows: rows)
  }

  private var record: [DetailLine] {
    let none = BilingualText(en: "the record as it came is not kept", zh: "未保存原始记录")
    guard let raw = alert.raw, let fields = FlatRecord.fields(raw) else {
      return forms.section("record", "原始记录", [], none: none)
    }
    let kept = KeptPacket(record: raw)
    // Bytes that stand above in hexadecimal are not told again.
    let told = fields.filter { field in
      switch field.name {
      case "packet": kept.packet.isGone
      case "payload": kept.payload.isGone || !kept.packet.isGone
      default: true
      }
    }
    let shown = told.map { field in
      DetailLine(Line([Run(field.name + " ", .dim), Run(field.value)], indent: 4))
    }
    let isMasked = raw.contains("[masked:") || raw.contains("[removed: ")
    return isMasked
      ? forms.section("record, secrets masked", "原始记录（敏感信息已脱敏）", shown) : forms.section("record", "原始记录", shown)
  }
}

/// A record's members by their path: `http.url`, `alert.metadata.0`.
enum FlatRecord {
  struct Field: Equatable {
    var name: String
    var value: String
  }
  /// More are no use on a screen, and a record chooses how many it has.
  static let most = 200

  /// Nil: it is no JSON.
  static func fields(_ text: String) -> [Field]? {
    guard let value = KeptPacket.parsed(text) else { return nil }
    var result: [Field] = []
    flatten(value, "", &result)
    return result
  }

  private static func flatten(_ value: DocumentValue, _ path: String, _ result: inout [Field]) {
    guard result.count < most else { return }
    func below(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    switch value.content {
    case .null: break
    case .scalar(let text, plain: _): result.append(Field(name: path, value: text))
    case .list(let items): for (index, item) in items.enumerated() { flatten(item, below("\(index)"), &result) }
    case .map(let entries): for entry in entries { flatten(entry.value, below(entry.key), &result) }
    }
  }
}
