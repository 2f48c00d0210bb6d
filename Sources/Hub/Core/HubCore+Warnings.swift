internal import ControlAPI
internal import Records
internal import Scheduling
internal import Wire

/// What an officer must know whatever is on screen: the overview's first line, a sentence each, in both languages.
extension HubCore {
  func warnings(_ sensors: [SensorItem], _ scans: ScanOverview, _ purview: Purview) -> [BilingualText] {
    sayStoreFault()
    let papers = Set(scheduler.inventory.within(purview).authorisations.map(\.id))
    let ending = scheduler.expiringAuthorisations(now: clock.now()).filter { papers.contains($0.id) }
    let faults = duty.faults.filter { purview.isAll || HubCore.faultsOfNobody.contains($0.key) }
    return ailmentWarnings + noSensor(sensors) + sensors.compactMap(HubCore.blindWarning)
      + sensors.compactMap(HubCore.lossWarning) + scans.stops.map(HubCore.stopWarning)
      + ending.map { paper in
        let day = paper.until.text.prefix(10)
        return BilingualText(en: "the authorisation \(paper.id) ends \(day)", zh: "授权 \(paper.id) 将于 \(day) 到期")
      } + faults.sorted { $0.key < $1.key }.map(\.value)
  }

  /// What is wrong with the duty that tells of no organisation: the others count the city's rows, or name what a guard
  /// period is about.
  private static let faultsOfNobody: Set<String> = ["nobody", "taken", "canary"]

  private func noSensor(_ sensors: [SensorItem]) -> [BilingualText] {
    guard sensors.isEmpty else { return [] }
    return configuration.sensor.enabled
      ? [BilingualText(en: "no sensor is here: no interface is named", zh: "无探针：未指定网卡")]
      : [BilingualText(en: "no sensor: sensor.enabled is no", zh: "无探针：sensor.enabled 为 no")]
  }

  static func blindWarning(_ item: SensorItem) -> BilingualText? {
    let (name, reason) = (item.status.sensor, item.reason ?? "")
    switch item.state {
    case .seeing: return nil
    case .blind: return BilingualText(en: "sensor \(name) is blind: \(reason)", zh: "探针 \(name) 失明：\(reason)")
    case .late: return BilingualText(en: "sensor \(name) is late: \(reason)", zh: "探针 \(name) 迟报：\(reason)")
    case .gone: return BilingualText(en: "sensor \(name) is gone: \(reason)", zh: "探针 \(name) 失联：\(reason)")
    }
  }

  private static func lossWarning(_ item: SensorItem) -> BilingualText? {
    item.loss.map {
      BilingualText(en: "sensor \(item.status.sensor): \($0.en)", zh: "探针 \(item.status.sensor)：\($0.zh)")
    }
  }

  static func stopWarning(_ stop: ScanStop) -> BilingualText {
    BilingualText(
      en: "scans of \(stop.site ?? "all sites") are stopped by \(stop.by)",
      zh: "\(stop.site ?? "全部站点") 的扫描已由 \(stop.by) 停止")
  }

  // MARK: what ails the hub itself

  /// In Chinese what ails is named, and the fault's own sentence stands behind.
  var ailmentWarnings: [BilingualText] {
    var said: Set<String> = []
    return ailments.sorted { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }.compactMap { part, sentence in
      guard said.insert(sentence).inserted else { return nil }
      return BilingualText(en: sentence, zh: "\(part.rawValue)异常：\(sentence)")
    }
  }
}

/// A part of the hub that may fail while the rest goes on, by its name in Chinese.
enum Ailment: String {
  case acceptances = "接受状态"
  case audit = "审计日志"
  case auditHead = "审计日志头"
  case canary = "链路自检"
  case clock = "系统时钟"
  case content = "内容更新"
  case coverage = "覆盖记录"
  case duty = "值守"
  /// Shelves that end, clocks that run out.
  case elapse = "到期处理"
  case heartbeat = "存活信号"
  case memory = "检测记忆"
  case notices = "通报"
  case ownScans = "本方扫描识别"
  case posture = "态势评分"
  case retention = "保留清理"
  case schedule = "扫描计划"
  case sight = "流量可见性"
  case store = "存储"
  case suppressions = "抑制规则"
}
